using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>How many keys one <c>order</c> may have: each adds a level to the condition by which a page is found.</summary>
internal static class SortBounds
{
    public const int KeyCountMax = 10;

    /// <exception cref="GraphQLException">There are more.</exception>
    public static SortPath[] Check(SortPath[] keys) => keys.Length <= KeyCountMax
        ? keys
        : throw new GraphQLException(GraphQLError.OverLimit($"`order` can have at most {KeyCountMax} keys.", "sortKeys", KeyCountMax));
}
