using global::GraphQL;
using global::GraphQL.Types;

namespace Mycelium.Bench.GraphQLNet;

/// <summary>What q1 to q3 select, under the product's names: the same requests get the same answers.</summary>
internal sealed class MarketSchema : Schema
{
    public MarketSchema(IMarketReader reader)
    {
        Query = new MarketQuery(reader);
        Initialize();
    }
}

internal sealed class MarketQuery : ObjectGraphType
{
    public MarketQuery(IMarketReader reader)
    {
        Name = "Query";
        Field<NonNullGraphType<PageType<CombinationRow, CombinationType>>>("sliceCombinations")
            .Argument<NonNullGraphType<IntGraphType>>("first")
            .Argument<SearchFilterType>("where")
            .Argument<ListGraphType<NonNullGraphType<SearchSortType>>>("order")
            .ResolveAsync(async field => new Page<CombinationRow>(await reader.SearchAsync(field)));
        Field<NodeType>("gridNode").Argument<NonNullGraphType<LongGraphType>>("gridId").ResolveAsync(async field => await reader.NodeAsync(field));
        Field<NonNullGraphType<PageType<FarmRow, FarmType>>>("farms").Argument<NonNullGraphType<IntGraphType>>("first")
            .ResolveAsync(async field => new Page<FarmRow>(await reader.FarmsAsync(field)));
    }
}

internal sealed class PageType<TRow, TType> : ObjectGraphType<Page<TRow>> where TType : ObjectGraphType<TRow>
{
    public PageType()
    {
        Name = $"{typeof(TType).Name}Page";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<TType>>>>("nodes").Resolve(field => field.Source.Nodes);
    }
}

internal sealed class FarmType : ObjectGraphType<FarmRow>
{
    public FarmType()
    {
        Name = "Farm";
        Field<NonNullGraphType<StringGraphType>>("name").Resolve(field => field.Source.Name);
        Field<NonNullGraphType<FarmCertificationType>>("certification").Resolve(field => field.Source.Certification);
        Field<NonNullGraphType<IntGraphType>>("freePublicIpCount").Resolve(field => field.Source.FreePublicIpCount);
        Field<NonNullGraphType<PageType<NodeRow, NodeType>>>("gridNodes").Argument<NonNullGraphType<IntGraphType>>("first")
            .Resolve(field => field.Source.Nodes is { } nodes ? new Page<NodeRow>(nodes) : field.Loaders().FirstNodesOf(field.Source.Id, field.First()));
    }
}

internal sealed class NodeType : ObjectGraphType<NodeRow>
{
    public NodeType()
    {
        Name = "GridNode";
        Field<NonNullGraphType<LongGraphType>>("gridId").Resolve(field => field.Source.Id);
        Field<NonNullGraphType<NodeStatusType>>("status").Resolve(field => field.Source.Status);
        Field<NonNullGraphType<NodeCertificationType>>("certification").Resolve(field => field.Source.Certification);
        Field<StringGraphType>("country").Resolve(field => field.Source.Country);
        Field<StringGraphType>("countryCode").Resolve(field => field.Source.CountryCode);
        Field<StringGraphType>("city").Resolve(field => field.Source.City);
        Field<FloatGraphType>("latitude").Resolve(field => field.Source.Latitude);
        Field<FloatGraphType>("longitude").Resolve(field => field.Source.Longitude);
        Field<NonNullGraphType<IntGraphType>>("totalCores").Resolve(field => field.Source.TotalCores);
        Field<NonNullGraphType<LongGraphType>>("totalMemoryBytes").Resolve(field => field.Source.TotalMemoryBytes);
        Field<FloatGraphType>("uptimePercent").Resolve(field => field.Source.UptimePercent);
        Field<NonNullGraphType<FarmType>>("farm").Resolve(field => field.Source.Farm ?? (object)field.Loaders().Farms.Load(field.Source.FarmId));
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<CombinationType>>>>("sliceCombinations")
            .Resolve(field => field.Source.Combinations ?? (object)field.Loaders().CombinationsOfNodes.Load(field.Source.Id));
    }
}

internal sealed class CombinationType : ObjectGraphType<CombinationRow>
{
    public CombinationType()
    {
        Name = "SliceCombination";
        Field<NonNullGraphType<IdGraphType>>("id").Resolve(field => GlobalId.Of(field.Source.Id));
        Field<NonNullGraphType<IntGraphType>>("multiplier").Resolve(field => field.Source.Multiplier);
        Field<NonNullGraphType<IntGraphType>>("cores").Resolve(field => field.Source.Cores);
        Field<NonNullGraphType<LongGraphType>>("memoryBytes").Resolve(field => field.Source.MemoryBytes);
        Field<NonNullGraphType<LongGraphType>>("ssdBytes").Resolve(field => field.Source.SsdBytes);
        Field<NonNullGraphType<IntGraphType>>("quantityAvailable").Resolve(field => field.Source.QuantityAvailable);
        Field<NonNullGraphType<UsdAmountType>>("pricePerHour").Resolve(field => field.Source.PricePerHour);
        Field<NonNullGraphType<UsdAmountType>>("pricePerMonth").Resolve(field => field.Source.PricePerMonth);
        Field<StringGraphType>("country").Resolve(field => field.Source.Country);
        Field<StringGraphType>("countryCode").Resolve(field => field.Source.CountryCode);
        Field<StringGraphType>("city").Resolve(field => field.Source.City);
        Field<NonNullGraphType<NodeType>>("gridNode").Resolve(field => field.Source.Node ?? (object)field.Loaders().Nodes.Load(field.Source.NodeId));
        Field<NonNullGraphType<FarmType>>("farm").Resolve(field => field.Source.Farm ?? (object)field.Loaders().Farms.Load(field.Source.FarmId));
    }
}

internal static class RequestLoaders
{
    public static Loaders Loaders(this IResolveFieldContext field) => (Loaders)field.RootValue!;
}
