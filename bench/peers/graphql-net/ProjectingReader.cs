using System.Globalization;
using System.Runtime.CompilerServices;
using global::GraphQL;
using GraphQLParser.AST;
using Npgsql;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>
/// Looks ahead: it reads only the selected columns, single rows by a join, and lists by the statements that the product sends. What is
/// derived from a selection is kept as long as its document.
/// </summary>
internal sealed class ProjectingReader(Store store) : IMarketReader
{
    private readonly ConditionalWeakTable<GraphQLField, MarketPlan> markets = [];
    private readonly ConditionalWeakTable<GraphQLField, NodePlan> nodes = [];
    private readonly ConditionalWeakTable<GraphQLField, FarmsPlan> farms = [];

    public Task<List<CombinationRow>> SearchAsync(IResolveFieldContext field)
    {
        MarketPlan plan = markets.GetValue(field.FieldAst, MarketPlan.Of);
        return store.ReadAsync(Statements.Search(plan.Select, field.Where(), field.IsByPrice(), field.First()), plan.Read, field.CancellationToken);
    }

    public async Task<NodeRow?> NodeAsync(IResolveFieldContext field)
    {
        NodePlan plan = nodes.GetValue(field.FieldAst, NodePlan.Of);
        long[] id = [field.GetArgument<long>("gridId")];
        NpgsqlBatchCommand node = Statements.ByKeys(plan.Select, id);
        if (plan.Combinations is not { } combinations)
            return (await store.ReadAsync(node, plan.Read, field.CancellationToken)).SingleOrDefault();

        (List<NodeRow> found, List<CombinationRow> below) = await store.ReadAsync(
            node, plan.Read, Statements.CombinationsOfNodes(combinations.Sql("c"), id), row => combinations.Read(row), field.CancellationToken);
        if (found is not [NodeRow one])
            return null;
        one.Combinations = below;
        return one;
    }

    public async Task<List<FarmRow>> FarmsAsync(IResolveFieldContext field)
    {
        FarmsPlan plan = farms.GetValue(field.FieldAst, FarmsPlan.Of);
        List<FarmRow> found = await store.ReadAsync(Statements.Farms(plan.FarmColumns, field.First()), row => plan.Farms.Read(row), field.CancellationToken);
        if (plan.Nodes is not { } nodesRead)
            return found;

        Dictionary<long, FarmRow> byId = found.ToDictionary(farm => farm.Id);
        found.ForEach(farm => farm.Nodes = []);
        List<NodeRow> below = await store.ReadAsync(
            Statements.NodesOfFarms(plan.NodeColumns, [.. found.Select(farm => farm.Id)], plan.FirstNodes),
            row => nodesRead.Read(row), field.CancellationToken);
        below.ForEach(node => byId[node.FarmId].Nodes!.Add(node));
        if (plan.Combinations is { } combinations)
            await AddCombinationsAsync(below, combinations, plan.CombinationColumns, field.CancellationToken);
        return found;
    }

    private async Task AddCombinationsAsync(List<NodeRow> to, Shape<CombinationRow> combinations, string columns, CancellationToken cancellation)
    {
        Dictionary<long, NodeRow> byId = to.ToDictionary(node => node.Id);
        to.ForEach(node => node.Combinations = []);
        List<CombinationRow> below = await store.ReadAsync(
            Statements.CombinationsOfNodes(columns, [.. byId.Keys]), row => combinations.Read(row), cancellation);
        below.ForEach(combination => byId[combination.NodeId].Combinations!.Add(combination));
    }

    private sealed record MarketPlan(string Select, Shape<CombinationRow> Combinations, Shape<NodeRow>? Nodes, Shape<FarmRow>? Farms)
    {
        public static MarketPlan Of(GraphQLField field)
        {
            GraphQLField list = field.Below("nodes")!;
            Shape<CombinationRow> combinations = Tables.Combinations.Of(list.Selected());
            Shape<NodeRow>? nodes = list.Below("gridNode") is { } node ? Tables.Nodes.Of(node.Selected()) : null;
            Shape<FarmRow>? farms = list.Below("farm") is { } farm ? Tables.Farms.Of(farm.Selected()) : null;
            return new(
                "SELECT "
                    + $"{combinations.Sql("c")}{(nodes is null ? "" : $", {nodes.Sql("n")}")}{(farms is null ? "" : $", {farms.Sql("f")}")} "
                    + "FROM slice_combinations AS c"
                + (nodes is null ? "" : " JOIN nodes AS n ON n.id = c.node_id") + (farms is null ? "" : " JOIN farms AS f ON f.id = c.farm_id"),
                combinations, nodes, farms);
        }

        public CombinationRow Read(NpgsqlDataReader row)
        {
            CombinationRow read = Combinations.Read(row);
            read.Node = Nodes?.Read(row, Combinations.Count);
            read.Farm = Farms?.Read(row, Combinations.Count + (Nodes?.Count ?? 0));
            return read;
        }
    }

    private sealed record NodePlan(string Select, Shape<NodeRow> Nodes, Shape<FarmRow>? Farms, Shape<CombinationRow>? Combinations)
    {
        public static NodePlan Of(GraphQLField field)
        {
            Shape<NodeRow> nodes = Tables.Nodes.Of(field.Selected());
            Shape<FarmRow>? farms = field.Below("farm") is { } farm ? Tables.Farms.Of(farm.Selected()) : null;
            Shape<CombinationRow>? combinations = field.Below("sliceCombinations") is { } list ? Tables.Combinations.Of(list.Selected()) : null;
            return new(farms is null ? $"SELECT {nodes.Sql("n")} FROM nodes AS n WHERE n.id"
                : $"SELECT {nodes.Sql("n")}, {farms.Sql("f")} FROM nodes AS n JOIN farms AS f ON f.id = n.farm_id WHERE n.id", nodes, farms, combinations);
        }

        public NodeRow Read(NpgsqlDataReader row)
        {
            NodeRow read = Nodes.Read(row);
            read.Farm = Farms?.Read(row, Nodes.Count);
            return read;
        }
    }

    private sealed record FarmsPlan(Shape<FarmRow> Farms, Shape<NodeRow>? Nodes, int FirstNodes, Shape<CombinationRow>? Combinations)
    {
        public string FarmColumns { get; } = Farms.Sql("f");
        public string NodeColumns { get; } = Nodes?.Sql("n") ?? "";
        public string CombinationColumns { get; } = Combinations?.Sql("c") ?? "";

        public static FarmsPlan Of(GraphQLField field)
        {
            GraphQLField farm = field.Below("nodes")!;
            Shape<FarmRow> farms = Tables.Farms.Of(farm.Selected("#id"));
            if (farm.Below("gridNodes") is not { } gridNodes || gridNodes.Below("nodes") is not { } node)
                return new(farms, null, 0, null);
            int first = int.Parse(
                ((GraphQLIntValue)gridNodes.Arguments!.Single(argument => argument.Name.StringValue == "first").Value).Value.Span,
                provider: CultureInfo.InvariantCulture);
            return new(farms, Tables.Nodes.Of(node.Selected("gridId", "#farm")), first,
                node.Below("sliceCombinations") is { } list ? Tables.Combinations.Of(list.Selected("#node")) : null);
        }
    }
}

/// <summary>The documents of the benchmark contain only fields, no fragments.</summary>
internal static class Selections
{
    public static GraphQLField? Below(this GraphQLField field, string name) => Fields(field).FirstOrDefault(below => below.Name.StringValue == name);

    /// <param name="keys">Columns that are needed in addition to the selected ones.</param>
    public static HashSet<string> Selected(this GraphQLField field, params string[] keys) =>
        [.. Fields(field).Select(below => below.Name.StringValue), .. keys];

    private static IEnumerable<GraphQLField> Fields(GraphQLField field) => field.SelectionSet!.Selections.Cast<GraphQLField>();
}
