using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Events;

public sealed class EventTailTests
{
    private static readonly TimeSpan patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Pages and memory are small, so that readers meet every seam between the past and the present.</summary>
    private static readonly KeyValuePair<string, string?>[] narrow = [new("Events:PageSize", "7"), new("Events:RingSize", "16"), new("Events:PollPeriod", "00:00:00.02")];

    [Fact]
    public async Task Readers_that_start_anywhere_and_pause_see_every_event_once_and_in_order()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        Replica other = market.AddReplica(AddTail, narrow);
        NodeId node = await market.PublishAsync(slices: 20);
        AccountId renter = await market.AccountAsync("1000");
        await using Running one = await Running.StartAsync(market.Replica);
        await using Running two = await Running.StartAsync(other);

        Task writing = Task.Run(async () =>
        {
            for (int round = 0; round < 40; round++)
                await market.CancelAsync(await market.RentedAsync(market.Request(renter, node)));
        });
        Task<long[]>[] readers =
        [
            .. Enumerable.Range(0, 6).Select(reader => Task.Run(() => ReadAsync(reader % 2 == 0 ? one : two, writing, pause: reader > 3, market))),
        ];
        await writing;
        await Task.WhenAll(readers);

        long last = await market.ScalarAsync<long>("SELECT last_seq FROM event_counter");
        foreach (Task<long[]> reader in readers)
            Assert.Equal(Enumerable.Range(1, (int)last).Select(seq => (long)seq), await reader);
        Assert.True(last > 160, "The writer wrote too little to show anything.");
    }

    [Fact]
    public async Task An_event_knows_the_node_before_and_after_with_its_combinations()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        NodeId node = await market.PublishAsync(slices: 4);
        await market.RentedAsync(market.Request(await market.AccountAsync("10"), node, multiplier: 2));
        await using Running running = await Running.StartAsync(market.Replica);

        CommittedEvent told = await FirstAsync(running, EventReason.SlicesRented);
        CommittedEvent started = await FirstAsync(running, EventReason.RentalStarted);
        CommittedEvent discovered = await FirstAsync(running, EventReason.NodeDiscovered);

        Assert.Equal((4, 2), (told.NodeBefore!.FreeSlices, told.Node.FreeSlices));
        Assert.Equal("Freefarm", told.Node.Farm!.Name);
        Assert.Equal([4, 2, 1], told.CombinationsBefore.Select(combination => combination.QuantityAvailable));
        Assert.Equal([2, 1, 0], told.Combinations.Select(combination => combination.QuantityAvailable));
        Assert.Equal(2, started.Rental.SliceTotal);
        Assert.Equal(started.AccountId, started.Rental.RenterId);
        Assert.Null(discovered.NodeBefore);
    }

    [Fact]
    public async Task A_reader_whose_events_are_forgotten_is_told()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        for (int id = 1; id <= 3; id++)
            await market.PublishAsync(id);
        await market.SqlAsync("SELECT stamp_events(1000)");
        await market.SqlAsync("SELECT forget_events(now() + interval '1 hour', 4)");
        await using Running running = await Running.StartAsync(market.Replica);

        await Assert.ThrowsAsync<EventsForgottenException>(() => running.NextAsync(2, patience));

        Assert.Equal(5, (await running.NextAsync(4, patience))[0].Seq);
    }

    [Fact]
    public async Task A_reader_is_told_too_when_nothing_at_all_is_left_after_its_position()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        await market.PublishAsync();
        await market.SqlAsync("SELECT stamp_events(1000)");
        await market.SqlAsync("SELECT forget_events(now() + interval '1 hour', 1000)");
        await using Running running = await Running.StartAsync(market.Replica);

        await Assert.ThrowsAsync<EventsForgottenException>(() => running.NextAsync(1, patience));
    }

    [Fact]
    public async Task Readers_begin_anew_when_the_database_is_restored_under_them()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        NodeId node = await market.PublishAsync();
        await market.SqlAsync("SELECT stamp_events(1000)");
        long last = await market.ScalarAsync<long>("SELECT last_seq FROM event_counter");
        await using Running running = await Running.StartAsync(market.Replica);
        Assert.Empty(await running.NextAsync(last, patience));

        Task<IReadOnlyList<CommittedEvent>> next = running.NextAsync(last, TimeSpan.FromMinutes(1));
        await market.SqlAsync("UPDATE event_counter SET epoch = gen_random_uuid()");

        await Assert.ThrowsAsync<EventsForgottenException>(() => next.WaitAsync(TimeSpan.FromSeconds(20)));
        await using Running anew = await Running.StartAsync(market.AddReplica(AddTail, narrow));
        Assert.NotEqual(running.Epoch, anew.Epoch);
        await market.Replica.Get<UnpublishNode>().Execute(market.Farmer, node, default);
        Assert.Equal(last + 1, Assert.Single(await anew.NextAsync(last, TimeSpan.FromMinutes(1)).WaitAsync(TimeSpan.FromSeconds(20))).Seq);
    }

    [Fact]
    public async Task Nothing_new_is_an_empty_answer_after_the_wait_and_a_change_ends_the_wait()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        NodeId node = await market.PublishAsync();
        await market.SqlAsync("SELECT stamp_events(1000)");
        await using Running running = await Running.StartAsync(market.Replica);
        long last = await market.ScalarAsync<long>("SELECT last_seq FROM event_counter");

        Assert.Empty(await running.NextAsync(last, patience));
        Task<IReadOnlyList<CommittedEvent>> next = running.NextAsync(last, TimeSpan.FromMinutes(1));
        await market.Replica.Get<UnpublishNode>().Execute(market.Farmer, node, default);

        Assert.Equal(EventReason.NodeUnpublished, Assert.Single(await next.WaitAsync(TimeSpan.FromSeconds(20))).Reason);
    }

    [Fact]
    public async Task What_comes_right_after_a_look_waits_for_the_next_one_and_what_comes_after_a_quiet_moment_is_read_at_once()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        await market.PublishAsync();
        await market.SqlAsync("SELECT stamp_events(1000)");
        var (clock, signals, options) = (new TestClock(), new EventSignals(), new EventOptions());
        using var tail = new EventTail(market.Replica.Get<EventStore>(), signals, Options.Create(options), clock, NullLogger<EventTail>.Instance);
        await tail.StartAsync(default);
        await Eventually.HoldsAsync(IsWaitingForHints, "the tail has looked");
        long before = tail.Position;

        await ChangeNodeAsync(market);
        signals.Stamped();
        await Eventually.HoldsAsync(() => clock.NextTimerAt == clock.GetUtcNow() + options.ReadGap || tail.Position > before, "the tail has heard the hint");
        Assert.Equal(before, tail.Position);
        await ChangeNodeAsync(market);
        clock.Advance(options.ReadGap);
        await Eventually.HoldsAsync(() => tail.Position == before + 2, "both are read");

        await Eventually.HoldsAsync(IsWaitingForHints, "the tail waits for the next hint");
        clock.Advance(options.ReadGap);
        await ChangeNodeAsync(market);
        signals.Stamped();
        await Eventually.HoldsAsync(() => tail.Position == before + 3, "it is read at once");
        await tail.StopAsync(default);

        bool IsWaitingForHints() => clock.NextTimerAt == clock.GetUtcNow() + options.PollPeriod;
    }

    [Fact]
    public async Task Kinds_and_reasons_of_a_newer_release_are_passed_over_and_nothing_after_them_is_lost()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        NodeId node = await market.PublishAsync();
        await market.SqlAsync(
            """
            ALTER DOMAIN event_kind DROP CONSTRAINT event_kind_check;
            ALTER DOMAIN event_reason DROP CONSTRAINT event_reason_check;
            INSERT INTO events (kind, reason, state) VALUES ('WEATHER', 'SunRose', '{}');
            INSERT INTO events (kind, reason, node_id, state) SELECT 'NODE', 'NodePolished', id, state FROM node_states;
            """);
        await market.RentedAsync(market.Request(await market.AccountAsync("10"), node));
        await using Running running = await Running.StartAsync(market.Replica);

        CommittedEvent polished = await FirstAsync(running, EventReason.Unknown, EventKind.Node);

        Assert.Equal(node, polished.Node.Id);
        Assert.Equal(EventKind.Unknown, (await FirstAsync(running, EventReason.Unknown, EventKind.Unknown)).Kind);
        await FirstAsync(running, EventReason.RentalStarted);
    }

    [Fact]
    public void A_cursor_is_read_back_and_nothing_else_is_taken_for_one()
    {
        var cursor = new EventCursor(Guid.NewGuid(), 42);
        var range = new EventRange(cursor.Epoch, 10, 50);

        Assert.True(EventCursor.TryParse(cursor.ToString(), out EventCursor read));
        Assert.Equal(cursor, read);
        Assert.All(new[] { null, "", "x", "AAAA", cursor + "A", cursor.ToString()[1..], new string('A', 500) }, text => Assert.False(EventCursor.TryParse(text, out _)));
        Assert.True(range.CanResume(cursor));
        Assert.True(range.CanResume(cursor with { Seq = 9 }));
        Assert.False(range.CanResume(cursor with { Seq = 8 }));
        Assert.False(range.CanResume(new EventCursor(Guid.NewGuid(), 42)));
        Assert.True(range.IsFuture(cursor with { Seq = 51 }));
        Assert.False(range.IsFuture(cursor with { Seq = 50 }));
    }

    private static Task<int> ChangeNodeAsync(TestMarket market) => market.SqlAsync("UPDATE nodes SET version = version + 1, sync_sequence = sync_sequence + 1; SELECT stamp_events(1000)");

    private static void AddTail(IServiceCollection services)
    {
        services.TryAddSingleton<EventSignals>();
        services.TryAddSingleton<EventNews>();
        services.TryAddSingleton<EventStore>();
        services.TryAddSingleton<EventStamper>();
        services.TryAddSingleton<EventTail>();
        services.AddOptions<EventOptions>().BindConfiguration(EventOptions.Section);
    }

    private static async Task<long[]> ReadAsync(Running tail, Task writing, bool pause, TestMarket market)
    {
        var seen = new List<long>();
        long position = 0;
        while (true)
        {
            // In this order: once nothing waits for a number, the last number stays.
            bool isOver = writing.IsCompleted && await market.ScalarAsync<long>("SELECT count(*) FROM events_waiting") == 0
                && position >= await market.ScalarAsync<long>("SELECT last_seq FROM event_counter");
            if (isOver)
                return [.. seen];
            IReadOnlyList<CommittedEvent> page = await tail.NextAsync(position, patience);
            seen.AddRange(page.Select(told => told.Seq));
            position = page.Count > 0 ? page[^1].Seq : position;
            if (pause)
                await market.ScalarAsync<int>("SELECT 1 FROM pg_sleep(0.05)");
        }
    }

    private static async Task<CommittedEvent> FirstAsync(Running tail, EventReason reason, EventKind? kind = null)
    {
        long position = 0;
        while (true)
        {
            IReadOnlyList<CommittedEvent> page = await tail.NextAsync(position, TimeSpan.FromSeconds(1));
            if (page.FirstOrDefault(told => told.Reason == reason && (kind ?? told.Kind) == told.Kind) is { } found)
                return found;
            Assert.NotEmpty(page);
            position = page[^1].Seq;
        }
    }

    /// <summary>A replica's stamper and tail at work.</summary>
    private sealed class Running(EventStamper stamper, EventTail tail, Guid epoch) : IAsyncDisposable
    {
        public Guid Epoch => epoch;

        public static async Task<Running> StartAsync(Replica replica)
        {
            EventTail tail = replica.Get<EventTail>();
            EventRange range = await replica.Get<EventStore>().ReadRangeAsync(default);
            var running = new Running(replica.Get<EventStamper>(), tail, range.Epoch);
            await tail.StartAsync(default);
            await replica.Get<EventStamper>().StartAsync(default);
            return running;
        }

        public Task<IReadOnlyList<CommittedEvent>> NextAsync(long after, TimeSpan wait) => tail.NextAsync(new EventCursor(epoch, after), wait, default);

        public async ValueTask DisposeAsync()
        {
            await stamper.StopAsync(default);
            await tail.StopAsync(default);
        }
    }
}
