using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The maximum number of keys in one <c>order</c>: each adds a level to the condition that finds a page.</summary>
internal static class SortBounds
{
    public const int KeyCountMax = 10;

    /// <exception cref="GraphQLException">There are more.</exception>
    public static SortPath[] Check(SortPath[] keys) => keys.Length <= KeyCountMax
        ? keys
        : throw new GraphQLException(GraphQLError.OverLimit($"`order` can have at most {KeyCountMax} keys.", "sortKeys", KeyCountMax));
}
