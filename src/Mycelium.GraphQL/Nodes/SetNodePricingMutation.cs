using System.Security.Claims;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Nodes;

namespace Mycelium.GraphQL.Nodes;

/// <summary>A node and the price of its new rentals.</summary>
/// <param name="GridId">A node that the caller has registered.</param>
/// <param name="PricePerSlice">Dollars an hour for one base slice.</param>
/// <param name="Grid">The name of the node's grid.</param>
public sealed record SetNodePricingInput([GridId] long GridId, MicroUsdPerHour PricePerSlice, string Grid = GridName.Main);

[MutationType]
public static class SetNodePricingMutation
{
    /// <summary>Sets the price of new rentals. Rentals and quotes that exist keep theirs.</summary>
    [Authorize]
    [GraphQLName("setNodePricing")]
    public static async Task<ISetNodePricingResult> Execute(
        SetNodePricingInput input, ClaimsPrincipal user, GridDirectory grids, SetNodePricing pricing, CancellationToken cancellation) =>
        await grids.NodeIdAsync(input.Grid, input.GridId, cancellation) is { } node
            ? await pricing.Execute(user.RequiredAccountId(), node, input.PricePerSlice, cancellation)
            : new GridNotFound(input.Grid);
}
