using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;

namespace Mycelium.Infrastructure.Nodes;

/// <summary>Takes a node off the market, with its slice combinations. Rentals stay.</summary>
public sealed class UnpublishNode(NodeDecisions decisions)
{
    public Task<IUnpublishNodeResult> Execute(AccountId by, NodeId id, CancellationToken cancellation) =>
        decisions.DecideAsync(id, node => node.Unpublish(by), unknown => new NodeNotFound(unknown), cancellation);
}
