using System.Security.Cryptography;
using System.Text;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A document that requests name by id instead of sending it. Its text never changes.</summary>
/// <param name="text">The document exactly as stored, byte for byte: its hash and the locations of errors depend on every space.</param>
/// <param name="isPublic">
/// Whether everybody can find it, so that shared caches may keep its responses. False for a document that some callers cannot find.
/// </param>
public sealed class OperationDocument(string text, bool isPublic = true)
{
    public string Text { get; } = text;

    /// <summary>SHA-256 of the text in UTF-8, as 64 lower-case hex digits.</summary>
    public string Hash { get; } = HashOf(text);

    public bool IsPublic { get; } = isPublic;

    /// <inheritdoc cref="Hash"/>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>The errors of a text as a document for this schema; empty when it is valid. The same limits apply as for a request.</summary>
    public static IReadOnlyList<GraphQLError> Check(string text, Schema schema, RequestOptions options)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            return DocumentValidator.Validate(schema, Parser.ParseDocument(text, options.Parser), options.Validation);
        }
        catch (GraphQLSyntaxException refusal)
        {
            return [refusal.ToError()];
        }
    }
}
