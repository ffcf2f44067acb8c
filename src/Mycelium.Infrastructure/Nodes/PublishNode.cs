using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;

namespace Mycelium.Infrastructure.Nodes;

/// <summary>Puts a node on the market. Its slice combinations appear in the same transaction.</summary>
public sealed class PublishNode(NodeDecisions decisions)
{
    public Task<IPublishNodeResult> Execute(AccountId by, NodeId id, CancellationToken cancellation) =>
        decisions.DecideAsync(id, node => node.Publish(by), unknown => new NodeNotFound(unknown), cancellation);
}
