using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// What Apollo's clients send in <c>extensions.persistedQuery</c>: the hash of a document instead of its text, and both when the server does not know
/// the hash. <see href="https://www.apollographql.com/docs/apollo-server/performance/apq"/>
/// </summary>
internal static class AutomaticPersistedQuery
{
    private const int Version = 1;

    /// <summary>Clients check the code, older ones the message.</summary>
    public static readonly GraphQLError NotFound = new("PersistedQueryNotFound", ErrorCodes.PersistedQueryNotFound);

    /// <inheritdoc cref="NotFound"/>
    public static readonly GraphQLError NotSupported = new("PersistedQueryNotSupported", ErrorCodes.PersistedQueryNotSupported);

    public static bool IsIn(JsonElement extensions) =>
        extensions.ValueKind == JsonValueKind.Object && extensions.TryGetProperty("persistedQuery", out JsonElement named)
            && named.ValueKind == JsonValueKind.Object;

    /// <summary>The hash in the extensions, or null when there is none.</summary>
    /// <exception cref="GraphQLException">The extensions do not follow the protocol.</exception>
    public static string? HashIn(JsonElement extensions)
    {
        if (!IsIn(extensions))
            return null;
        JsonElement named = extensions.GetProperty("persistedQuery");
        if (!named.TryGetProperty("version", out JsonElement version) || version.ValueKind != JsonValueKind.Number
            || !version.TryGetInt32(out int number) || number != Version)
            throw new GraphQLException($"The version of extensions.persistedQuery must be {Version}.", ErrorCodes.BadRequest);
        return named.TryGetProperty("sha256Hash", out JsonElement hash) && hash.ValueKind == JsonValueKind.String
            ? hash.GetString()
            : throw new GraphQLException("extensions.persistedQuery has no sha256Hash.", ErrorCodes.BadRequest);
    }
}
