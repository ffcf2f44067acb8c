using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// What Apollo's clients send in <c>extensions.persistedQuery</c>: the hash of a document instead of its text, and both when the server does not know the hash.
/// </summary>
internal static class AutomaticPersistedQuery
{
    /// <summary>Clients recognise the code, older ones the message.</summary>
    public static readonly GraphQLError NotFound = new("PersistedQueryNotFound", ErrorCodes.PersistedQueryNotFound);

    public static bool IsIn(JsonElement extensions) =>
        extensions.ValueKind == JsonValueKind.Object && extensions.TryGetProperty("persistedQuery", out JsonElement named) && named.ValueKind == JsonValueKind.Object;
}
