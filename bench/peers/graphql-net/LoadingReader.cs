using global::GraphQL;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>Reads whole rows for the root field only; batch loaders read everything below, as GraphQL.NET's documentation recommends.</summary>
internal sealed class LoadingReader(Store store) : IMarketReader
{
    private static readonly string combinations = $"SELECT {Tables.Combinations.Whole.Sql("c")} FROM slice_combinations AS c";
    private static readonly string nodesById = $"SELECT {Tables.Nodes.Whole.Sql("n")} FROM nodes AS n WHERE n.id";
    private static readonly string farms = Tables.Farms.Whole.Sql("f");

    public Task<List<CombinationRow>> SearchAsync(IResolveFieldContext field) =>
        store.ReadAsync(Statements.Search(combinations, field.Where(), field.IsByPrice(), field.First()), Loaders.Combination, field.CancellationToken);

    public async Task<NodeRow?> NodeAsync(IResolveFieldContext field) =>
        (await store.ReadAsync(Statements.ByKeys(nodesById, [field.GetArgument<long>("gridId")]), Loaders.Node, field.CancellationToken)).SingleOrDefault();

    public Task<List<FarmRow>> FarmsAsync(IResolveFieldContext field) =>
        store.ReadAsync(Statements.Farms(farms, field.First()), Loaders.Farm, field.CancellationToken);
}
