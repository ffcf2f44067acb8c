using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Infrastructure.Nodes;

/// <summary>Sets the price of new rentals.</summary>
public sealed class SetNodePricing(NodeDecisions decisions, PricingPolicy policy)
{
    public Task<ISetNodePricingResult> Execute(AccountId by, NodeId id, MicroUsdPerHour price, CancellationToken cancellation) =>
        decisions.DecideAsync(id, node => node.SetPrice(by, price, policy), unknown => new NodeNotFound(unknown), cancellation);
}
