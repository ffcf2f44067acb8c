using System.Security.Claims;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Nodes;

namespace Mycelium.GraphQL.Nodes;

/// <summary>A node, and the price for its new rentals.</summary>
/// <param name="NodeId">A node that the caller has registered: the <c>id</c> of the <c>GridNode</c>.</param>
/// <param name="PricePerSliceHour">The price of one base slice for an hour.</param>
public sealed record SetNodePricingInput([property: ID<GridNode>] NodeId NodeId, MicroUsdPerHour PricePerSliceHour);

[MutationType]
public static class SetNodePricingMutation
{
    /// <summary>Sets the price for new rentals. Existing rentals and quotes keep theirs.</summary>
    [Authorize]
    [GraphQLName("setNodePricing")]
    public static Task<ISetNodePricingResult> Execute(
        SetNodePricingInput input, ClaimsPrincipal user, SetNodePricing pricing, CancellationToken cancellation) =>
        pricing.Execute(user.RequiredAccountId(), input.NodeId, input.PricePerSliceHour, cancellation);
}
