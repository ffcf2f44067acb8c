using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The document of a request.</summary>
/// <param name="IsNamed">Whether the request named it and everybody may use it: a shared cache that knows the URL then knows the document.</param>
internal readonly record struct RequestDocument(CachedDocument Document, bool IsNamed = false);

/// <summary>
/// Finds the documents of requests that name one, and decides whether a request may bring its own. A known document is neither hashed nor parsed
/// again.
/// </summary>
internal sealed class NamedDocuments(
    IReadOnlyList<IOperationDocumentStorage> storages, RequestOptions options, Func<string, CachedDocument> documentOf)
{
    private readonly PersistedOperationOptions rules = options.PersistedOperations;

    /// <summary>Parsed documents of the storages, by hash. Only used after a storage has said that the caller may have it.</summary>
    private readonly BoundedCache<CachedDocument> stored = new(options.CachedDocumentCountMax, options.CachedDocumentBytesMax);

    private readonly BoundedCache<CachedDocument> automatic =
        new(options.PersistedOperations.AutomaticDocumentCountMax, options.PersistedOperations.AutomaticDocumentBytesMax);

    /// <summary>Documents that clients have sent with their hash.</summary>
    public int AutomaticCount => automatic.Count;

    /// <summary>Whether the request only has a text, as most do: it does not need this class.</summary>
    public bool IsPlain(GraphQLRequest request) =>
        request.Query is not null && request.DocumentId is null && !rules.OnlyAllowPersistedDocuments && !AutomaticPersistedQuery.IsIn(request.Extensions);

    /// <exception cref="GraphQLException">There is no such document for this caller, or the caller may not send one.</exception>
    /// <exception cref="Language.GraphQLSyntaxException">The text of the request, or of the document, does not parse.</exception>
    public async ValueTask<RequestDocument> FindAsync(GraphQLRequest request, CancellationToken cancellation)
    {
        string? name = request.DocumentId ?? AutomaticPersistedQuery.HashIn(request.Extensions);
        string? id = null;
        if (name is not null && !OperationDocumentId.TryNormalize(name, out id))
            throw request.Query is null ? NotFound(request) : Mismatch();

        foreach (IOperationDocumentStorage storage in id is null ? [] : storages)
        {
            if (await storage.TryReadAsync(id!, request.User, cancellation).ConfigureAwait(false) is { } found)
                return request.Query is null || request.Query == found.Text ? new RequestDocument(Prepared(found), found.IsPublic) : throw Mismatch();
        }
        return request.Query is { } text ? Brought(request, text, id) : Kept(request, id);
    }

    private CachedDocument Prepared(OperationDocument document)
    {
        if (stored.TryGet(document.Hash, out CachedDocument? known))
        {
            EngineTelemetry.DocumentLookedUp(isHit: true);
            return known;
        }
        CachedDocument made = documentOf(document.Text);
        stored.Add(document.Hash, made, (long)document.Text.Length * sizeof(char));
        return made;
    }

    /// <param name="id">The id in the request for the text that it sends; null when there is none.</param>
    private RequestDocument Brought(GraphQLRequest request, string text, string? id)
    {
        if (!MayBring(request))
            throw new GraphQLException("Only persisted documents are accepted here; send a `documentId`.", ErrorCodes.DocumentNotPersisted);
        if (id is not null && (!OperationDocumentId.IsHash(id) || id != OperationDocument.HashOf(text)))
            throw Mismatch();

        CachedDocument document = documentOf(text);
        if (id is not null && request.DocumentId is null && rules.AllowAutomaticPersistedOperations && document.IsValid)
            automatic.Add(id, document, (long)text.Length * sizeof(char));
        return new RequestDocument(document);
    }

    /// <summary>Only by its hash, as Apollo's clients ask: a <c>documentId</c> is for documents that somebody has approved.</summary>
    private RequestDocument Kept(GraphQLRequest request, string? id) =>
        id is not null && request.DocumentId is null && rules.AllowAutomaticPersistedOperations && MayBring(request)
            && automatic.TryGet(id, out CachedDocument? known)
            ? new RequestDocument(known, IsNamed: true)
            : throw NotFound(request);

    private bool MayBring(GraphQLRequest request) => !rules.OnlyAllowPersistedDocuments || rules.AllowNonPersistedOperation(request);

    private static GraphQLException Mismatch() =>
        new("The text is not that of the document that the request names: its SHA-256 differs, or the id belongs to another document.", ErrorCodes.BadRequest);

    /// <summary>An Apollo client then sends the text, if it may: with the hash to store it, or without when nothing is stored here.</summary>
    private GraphQLException NotFound(GraphQLRequest request) => request.DocumentId is not null || !MayBring(request)
        ? new GraphQLException("There is no document with this id.", ErrorCodes.DocumentNotFound)
        : new GraphQLException(rules.AllowAutomaticPersistedOperations ? AutomaticPersistedQuery.NotFound : AutomaticPersistedQuery.NotSupported);
}
