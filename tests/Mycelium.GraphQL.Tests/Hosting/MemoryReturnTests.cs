using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Mycelium.GraphQL.Edge;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Hosting;

public sealed class MemoryReturnTests
{
    [Fact]
    public async Task Memory_is_collected_when_a_crowd_has_left_and_crowds_that_come_and_go_cost_one_collection_in_five_minutes()
    {
        int present = 0;
        using var meter = new Meter("a crowd");
        meter.CreateObservableUpDownCounter("graphql.server.active_subscriptions", () => present);
        var clock = new TestClock();
        int collections = 0;
        using var memory = new MemoryReturn(clock, NullLogger<MemoryReturn>.Instance, meter.Name) { CollectAll = () => collections++ };
        await memory.StartAsync(default);

        await LooksAsync(200);
        await LooksAsync(101); // Most are still there.
        Assert.Equal(0, collections);
        await LooksAsync(100);
        Assert.Equal(1, collections);

        await LooksAsync(300);
        await LooksAsync(0);
        Assert.Equal(1, collections);
        for (TimeSpan waited = 2 * MemoryReturn.Period; waited < MemoryReturn.GapMin; waited += MemoryReturn.Period)
            await LooksAsync(0);
        Assert.Equal(2, collections);
        await memory.StopAsync(default);

        async Task LooksAsync(int count)
        {
            await Eventually.HoldsAsync(() => clock.NextTimerAt == clock.GetUtcNow() + MemoryReturn.Period, "it waits for its next look");
            present = count;
            clock.Advance(MemoryReturn.Period);
            await Eventually.HoldsAsync(() => clock.NextTimerAt == clock.GetUtcNow() + MemoryReturn.Period, "it has looked");
        }
    }
}
