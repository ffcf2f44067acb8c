using System.Collections.Frozen;
using System.Security.Claims;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Documents in memory that everybody may run, by id: from a folder, or from the program itself.</summary>
public sealed class OperationDocumentList : IOperationDocumentStorage
{
    private readonly FrozenDictionary<string, OperationDocument> documents;

    /// <exception cref="ArgumentException">An id is malformed, has two different texts, or is the hash of something else.</exception>
    public OperationDocumentList(IEnumerable<KeyValuePair<string, string>> textsById)
    {
        ArgumentNullException.ThrowIfNull(textsById);
        var read = new Dictionary<string, OperationDocument>(StringComparer.Ordinal);
        foreach ((string name, string text) in textsById)
        {
            var document = new OperationDocument(text);
            if (!OperationDocumentId.TryNormalize(name, out string? id))
                throw new ArgumentException($"'{name}' is not a document id: use the 64 hex digits of a SHA-256, or up to 128 letters, digits and -._~.");
            if (OperationDocumentId.IsHash(id) && id != document.Hash)
                throw new ArgumentException($"The document {id} was changed: the SHA-256 of its text is {document.Hash}.");
            if (!read.TryAdd(id, document) && read[id].Text != text)
                throw new ArgumentException($"Two documents have the id {id}.");
            read.TryAdd(document.Hash, document);
        }
        documents = read.ToFrozenDictionary(StringComparer.Ordinal);
    }

    public int Count => documents.Count;

    public ValueTask<OperationDocument?> TryReadAsync(string documentId, ClaimsPrincipal user, CancellationToken cancellation) =>
        new(documents.GetValueOrDefault(documentId));
}
