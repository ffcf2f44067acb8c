using Microsoft.Extensions.Hosting;
using Mycelium.Infrastructure.Redis;

namespace Mycelium.Infrastructure.Events;

/// <summary>Wakes this replica's tail when another has stamped events. Starting with the host, it also opens the connections before the first rental.</summary>
internal sealed class RedisWakeUps(RedisSignal redis, EventSignals signals) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => redis.ListenAsync(_ => signals.Stamped());
}
