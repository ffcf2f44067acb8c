using System.Collections.Concurrent;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Redis;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Redis;

public sealed class RedisSignalTests : IAsyncLifetime
{
    private readonly ConcurrentQueue<StampedHint> received = new();
    private RedisServer server = null!;
    private RedisRig rig = null!;

    public async Task InitializeAsync()
    {
        server = await RedisServer.StartAsync();
        rig = new RedisRig([server.Address]);
        await rig.Signal.ListenAsync(received.Enqueue);
        await HearAsync(1);
    }

    public async Task DisposeAsync()
    {
        await rig.DisposeAsync();
        server.Dispose();
    }

    [Fact]
    public async Task A_hint_of_one_replica_reaches_another()
    {
        await using RedisRig other = await RedisRig.StartAsync([server]);

        other.Signal.Publish(17, 23);

        await Eventually.HoldsAsync(() => received.Contains(new StampedHint(17, 23)), "the hint arrives");
    }

    [Fact]
    public async Task A_hint_wakes_the_reader_of_events()
    {
        var signals = new EventSignals();
        await new RedisWakeUps(rig.Signal, signals).StartAsync(default);

        Task woken = signals.WaitForStamped(TimeSpan.FromMinutes(1), TimeProvider.System, default);
        await HearAsync(5);

        await woken.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("5")]
    [InlineData("9-3")]
    [InlineData("-1-4")]
    [InlineData("1-99999999999999999999999999999999999999999999")]
    public async Task A_message_that_is_not_a_hint_is_dropped(string forged)
    {
        received.Clear();

        await server.CommandAsync("PUBLISH", rig.Channels.EventsStamped, forged);

        await HearAsync(2); // Came after it, on the same channel.
        Assert.All(received, hint => Assert.InRange(hint.Last, 1, 2)); // Earlier hints may still be on their way.
    }

    [Fact]
    public async Task Hints_resume_after_a_cut_connection_or_a_restart()
    {
        await server.CommandAsync("CLIENT", "KILL", "TYPE", "pubsub");
        await HearAsync(3);

        server.Kill();
        await server.RestartAsync();
        await HearAsync(4);
    }

    [Fact]
    public async Task Publishing_to_a_dead_server_neither_throws_nor_waits()
    {
        server.Kill();

        // A deadline far below the driver's time-outs: a caller that waited for the server would wait for these.
        await Task.Run(() => rig.Signal.Publish(1, 2)).WaitAsync(TimeSpan.FromSeconds(1));

        await server.RestartAsync();
        await HearAsync(3);
    }

    /// <summary>A hint may be lost, so it is sent until it is received.</summary>
    private Task HearAsync(long sequence) => Eventually.HoldsAsync(
        () =>
        {
            rig.Signal.Publish(sequence, sequence);
            return received.Contains(new StampedHint(sequence, sequence));
        },
        $"hint {sequence} is received");
}
