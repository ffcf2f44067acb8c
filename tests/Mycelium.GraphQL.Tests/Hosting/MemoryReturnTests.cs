using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Mycelium.GraphQL.Edge;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Hosting;

public sealed class MemoryReturnTests
{
    [Fact]
    public async Task Memory_is_collected_after_a_crowd_leaves_and_at_most_once_in_five_minutes()
    {
        int clientCount = 0;
        using var meter = new Meter("a crowd");
        meter.CreateObservableUpDownCounter("graphql.server.active_subscriptions", () => clientCount);
        var clock = new TestClock();
        int collections = 0;
        using var memory = new MemoryReturn(clock, NullLogger<MemoryReturn>.Instance, meter.Name) { CollectAll = () => collections++ };
        await memory.StartAsync(default);

        await CheckAsync(200);
        await CheckAsync(101); // Most clients are still connected.
        Assert.Equal(0, collections);
        await CheckAsync(100);
        Assert.Equal(1, collections);

        await CheckAsync(300);
        await CheckAsync(0);
        Assert.Equal(1, collections);
        for (TimeSpan waited = 2 * MemoryReturn.Period; waited < MemoryReturn.GapMin; waited += MemoryReturn.Period)
            await CheckAsync(0);
        Assert.Equal(2, collections);
        await memory.StopAsync(default);

        async Task CheckAsync(int count)
        {
            await Eventually.HoldsAsync(() => clock.NextTimerAt == clock.GetUtcNow() + MemoryReturn.Period, "it waits for its next check");
            clientCount = count;
            clock.Advance(MemoryReturn.Period);
            await Eventually.HoldsAsync(() => clock.NextTimerAt == clock.GetUtcNow() + MemoryReturn.Period, "it has checked");
        }
    }
}
