using global::GraphQL;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>Reads the root fields. Fields below them use the loaders for what it did not read.</summary>
internal interface IMarketReader
{
    Task<List<CombinationRow>> SearchAsync(IResolveFieldContext field);

    Task<NodeRow?> NodeAsync(IResolveFieldContext field);

    Task<List<FarmRow>> FarmsAsync(IResolveFieldContext field);
}

internal static class Arguments
{
    public static int First(this IResolveFieldContext field) => field.GetArgument<int>("first");

    public static IDictionary<string, object?>? Where(this IResolveFieldContext field) => (IDictionary<string, object?>?)field.Arguments!["where"].Value;

    /// <summary>The schema has this one order; otherwise rows are ordered by id.</summary>
    public static bool IsByPrice(this IResolveFieldContext field) => field.Arguments!["order"].Value is IEnumerable<object?> keys && keys.Any();
}
