using System.Security.Claims;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Nodes;

/// <summary>A node and the price of its new rentals.</summary>
/// <param name="GridId">A node that the caller has registered.</param>
/// <param name="PricePerSlice">Dollars an hour for one base slice.</param>
public sealed record SetNodePricingInput([GridNumber] long GridId, MicroUsdPerHour PricePerSlice);

[MutationType]
public static class SetNodePricing
{
    /// <summary>Sets the price of new rentals. Rentals and quotes that exist keep theirs.</summary>
    [Authorize]
    [GraphQLName("setNodePricing")]
    public static Task<ISetNodePricingResult> Execute(
        SetNodePricingInput input, ClaimsPrincipal user, Infrastructure.Nodes.SetNodePricing pricing, CancellationToken cancellation) =>
        pricing.Execute(user.RequiredAccountId(), new NodeId(input.GridId), input.PricePerSlice, cancellation);
}
