using Mycelium.Domain.Market;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Market;

[QueryType]
public static class MarketQuery
{
    /// <summary>What can be rented: every combination of every published node, also those that are sold out (<c>quantityAvailable</c> is 0).</summary>
    [CacheControl(Limits.MarketAgeSeconds)]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<SliceCombination> GetSliceCombinations(MyceliumDb db) => db.SliceCombinations;

    /// <summary>The combination with this ID; null when its node does not offer it at present.</summary>
    public static Task<SliceCombination?> GetSliceCombination([ID<SliceCombination>] SliceCombinationId id, SliceCombinationByIdDataLoader combinations) =>
        combinations.LoadAsync(id);
}
