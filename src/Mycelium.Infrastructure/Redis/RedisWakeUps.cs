using Microsoft.Extensions.Hosting;
using Mycelium.Infrastructure.Events;

namespace Mycelium.Infrastructure.Redis;

/// <summary>
/// Wakes this replica's tail when another has stamped events. Being started with the host it also opens the connections to the masters, so that the first
/// rental need not.
/// </summary>
internal sealed class RedisWakeUps(RedisSignal redis, EventSignals signals) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        redis.Listen(_ => signals.Stamped());
        return Task.CompletedTask;
    }

    /// <summary>The subscriptions end with the connections.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
