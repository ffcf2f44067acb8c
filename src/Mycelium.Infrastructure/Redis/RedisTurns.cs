using Microsoft.Extensions.Options;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Coordination;

namespace Mycelium.Infrastructure.Redis;

/// <summary>Turns by Redlock. Without a quorum of masters the setting decides: go on with the database alone, or refuse.</summary>
internal sealed class RedisTurns(RedlockBreaker redlock, Channels channels, IOptions<CoordinationOptions> options) : INodeTurns
{
    public async ValueTask<NodeTurn> AcquireAsync(NodeId node, CancellationToken cancellation)
    {
        RedlockAttempt attempt = await redlock.AcquireAsync(channels.NodeLock(node), cancellation).ConfigureAwait(false);
        return attempt switch
        {
            { Held: { } held } => NodeTurn.Taken(held),
            { Outcome: RedlockOutcome.Taken } => NodeTurn.Busy,
            // Masters that do not answer, or answer too slowly for their answer to be worth anything.
            _ => options.Value.OnRedisLoss == RedisLoss.DbOnly ? NodeTurn.Degraded : NodeTurn.Busy,
        };
    }
}
