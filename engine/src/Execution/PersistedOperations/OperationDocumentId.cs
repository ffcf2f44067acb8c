using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary><see href="https://github.com/graphql/graphql-over-http/blob/main/spec/Appendix%20A%20--%20Persisted%20Documents.md"/></summary>
internal static class OperationDocumentId
{
    private const string Sha256Prefix = "sha256:";
    private const int HashLength = 64;

    /// <summary>Twice a SHA-256 in hex: ids are hashes or shorter.</summary>
    private const int LengthMax = 128;

    private static readonly SearchValues<char> LowerHex = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> Unreserved = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>The form of an id that storages use: a SHA-256 without its prefix, which some clients leave out.</summary>
    public static bool TryNormalize(string text, [NotNullWhen(true)] out string? id)
    {
        if (text.StartsWith(Sha256Prefix, StringComparison.Ordinal))
        {
            id = text[Sha256Prefix.Length..];
            return IsHash(id);
        }
        id = text;
        return text.Length is > 0 and <= LengthMax && !text.AsSpan().ContainsAnyExcept(Unreserved);
    }

    /// <summary>Whether an id is the SHA-256 of its document.</summary>
    public static bool IsHash(string id) => id.Length == HashLength && !id.AsSpan().ContainsAnyExcept(LowerHex);
}
