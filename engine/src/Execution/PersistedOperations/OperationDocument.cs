using System.Security.Cryptography;
using System.Text;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Engine.Validation;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A document that requests name by an id instead of bringing it. Its text never changes.</summary>
/// <param name="text">The document as it was stored, to the byte: its hash and the locations of errors depend on every blank.</param>
/// <param name="isPublic">Everybody finds it, so that shared caches may keep its answers. False for a document that some callers do not find.</param>
public sealed class OperationDocument(string text, bool isPublic = true)
{
    public string Text { get; } = text;

    /// <summary>SHA-256 of the text in UTF-8, as 64 lower-case hex digits.</summary>
    public string Hash { get; } = HashOf(text);

    public bool IsPublic { get; } = isPublic;

    /// <inheritdoc cref="Hash"/>
    public static string HashOf(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>What is wrong with a text as a document of requests to this schema; empty when nothing is. The same bounds hold as for a request.</summary>
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
