using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Events;

public sealed class EventTailTests
{
    private static readonly TimeSpan patience = TimeSpan.FromMilliseconds(100);

    /// <summary>Pages and memory are small, so that readers meet every seam between the past and the present.</summary>
    private static readonly KeyValuePair<string, string?>[] narrow =
        [new("Events:PageSize", "7"), new("Events:RingSize", "16"), new("Events:PollPeriod", "00:00:00.02")];

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

        CommittedEvent found = await FirstAsync(running, ChangeReason.SlicesRented);
        CommittedEvent started = await FirstAsync(running, ChangeReason.RentalStarted);
        CommittedEvent discovered = await FirstAsync(running, ChangeReason.NodeDiscovered);

        Assert.Equal((4, 2), (found.NodeBefore!.FreeSlices, found.Node.FreeSlices));
        Assert.Equal("Freefarm", found.Node.Farm!.Name);
        Assert.Equal([4, 2, 1], found.CombinationsBefore.Select(combination => combination.QuantityAvailable));
        Assert.Equal([2, 1, 0], found.Combinations.Select(combination => combination.QuantityAvailable));
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
    public async Task Readers_start_over_when_the_database_is_restored_under_them()
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
        await using Running restarted = await Running.StartAsync(market.AddReplica(AddTail, narrow));
        Assert.NotEqual(running.Epoch, restarted.Epoch);
        await market.Replica.Get<UnpublishNode>().Execute(market.Farmer, node, default);
        Assert.Equal(last + 1, Assert.Single(await restarted.NextAsync(last, TimeSpan.FromMinutes(1)).WaitAsync(TimeSpan.FromSeconds(20))).Seq);
    }

    /// <summary>What a failover to a standby without the last commits, or a restored copy, does to the order of events.</summary>
    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Numbers_that_are_lost_begin_a_new_epoch_also_when_new_events_have_them_by_then(int keptCount, bool isOvertaken)
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        await market.PublishAsync();
        await market.PublishAsync(2);
        await market.SqlAsync("SELECT stamp_events(1000)");
        long last = await market.ScalarAsync<long>("SELECT last_seq FROM event_counter");
        await using Running running = await Running.StartAsync(market.Replica);
        await using Running other = await Running.StartAsync(market.AddReplica(AddTail, narrow));
        Task<IReadOnlyList<CommittedEvent>> next = running.NextAsync(last, TimeSpan.FromMinutes(1));
        var forgotten = new List<string>();
        market.Replica.Get<Restores>().Happened += () => forgotten.Add("by this replica");

        await market.MoveTimeAsync(isOvertaken
            ? "UPDATE event_numbers SET mark = mark + 1 WHERE seq > $1"
            : "WITH lost AS (DELETE FROM event_numbers WHERE seq > $1) UPDATE event_counter SET last_seq = $1", (long)keptCount);

        await Assert.ThrowsAsync<EventsForgottenException>(() => next.WaitAsync(TimeSpan.FromSeconds(20)));
        await Assert.ThrowsAsync<EventsForgottenException>(() => other.NextAsync(last, TimeSpan.FromMinutes(1)).WaitAsync(TimeSpan.FromSeconds(20)));
        Guid epoch = await market.ScalarAsync<Guid>("SELECT epoch FROM event_counter");
        Assert.NotEqual(running.Epoch, epoch);
        Assert.Equal("by this replica", Assert.Single(forgotten));
        Assert.NotNull(market.Replica.Get<Restores>().LastAt);
        await Assert.ThrowsAsync<EventsForgottenException>(() => running.NextAsync(1, TimeSpan.Zero)); // Earlier cursors as well: an epoch is all or nothing.
        await using Running again = await Running.StartAsync(market.AddReplica(AddTail, narrow));
        Assert.Equal(epoch, again.Epoch); // Found out once, by whichever replica.
    }

    [Fact]
    public async Task A_tail_that_slept_through_the_deletion_of_all_it_had_read_begins_no_epoch()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        await market.PublishAsync();
        await market.SqlAsync("SELECT stamp_events(1000)");
        await using Running running = await Running.StartAsync(market.Replica);

        await market.SqlAsync("""
            BEGIN;
            UPDATE nodes SET version = version + 1, sync_sequence = sync_sequence + 1;
            SELECT stamp_events(1000);
            SELECT forget_events(now() + interval '1 hour', 1000);
            COMMIT
            """);
        long last = await market.ScalarAsync<long>("SELECT last_seq FROM event_counter");
        await Eventually.HoldsAsync(() => market.Replica.Get<EventTail>().Position >= last, "the tail is at the end");

        Assert.Equal(running.Epoch, await market.ScalarAsync<Guid>("SELECT epoch FROM event_counter"));
        Assert.Null(market.Replica.Get<Restores>().LastAt);
    }

    [Fact]
    public async Task A_cursor_at_the_last_deleted_event_goes_on_and_its_mark_is_still_known()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        await market.PublishAsync();
        await market.PublishAsync(2);
        await market.SqlAsync("SELECT stamp_events(1000)");
        EventStore store = market.Replica.Get<EventStore>();
        long mark = await market.ScalarAsync<long>("SELECT mark FROM event_numbers WHERE seq = 4");

        await market.SqlAsync("SELECT forget_events(now() + interval '1 hour', 2)");
        await market.SqlAsync("SELECT forget_events(now() + interval '1 hour', 2)");

        (EventRange range, long markThere) = await store.ReadRangeAsync(4, default);
        Assert.Equal((5, mark), (range.FirstSeq, markThere));
        Assert.True(range.CanResume(new EventCursor(range.Epoch, 4, mark), markThere));
        Assert.False(range.CanResume(new EventCursor(range.Epoch, 3, 1), (await store.ReadRangeAsync(3, default)).Mark));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_snapshot_with_changes_that_have_no_number_yet_is_no_place_to_resume_from()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        await market.PublishAsync();
        await market.SqlAsync("SELECT stamp_events(1000)");
        EventSnapshots snapshots = market.Replica.Get<EventSnapshots>();
        EventStore store = market.Replica.Get<EventStore>();

        (_, EventCursor whole) = await snapshots.ReadAsync((_, _) => Task.FromResult(0), default);
        await market.SqlAsync("UPDATE nodes SET version = version + 1, sync_sequence = sync_sequence + 1");
        (_, EventCursor ahead) = await snapshots.ReadAsync((_, _) => Task.FromResult(0), default);

        (EventRange range, long markThere) = await store.ReadRangeAsync(whole.Seq, default);
        Assert.True(range.CanResume(whole, markThere));
        Assert.Equal(whole.Seq, ahead.Seq);
        Assert.False(range.CanResume(ahead, markThere)); // Were the change lost with a failover, nothing would take it back at the client.
    }

    [Fact]
    public async Task A_node_that_changes_farm_is_an_event_with_either_farm_as_it_was()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        NodeId node = await market.PublishAsync(slices: 4);
        await using (MyceliumDb db = market.Replica.Write())
        {
            db.Add(new Farm(new FarmObservation(new FarmId(2), "Another farm", 3, FarmCertification.NotCertified, false, 0, 0, null, A.Noon, "main")));
            await db.SaveChangesAsync();
        }
        await market.SqlAsync("UPDATE nodes SET farm_id = 2, version = version + 1, sync_sequence = sync_sequence + 1");
        await using Running running = await Running.StartAsync(market.Replica);

        CommittedEvent moved = await FirstAsync(running, ChangeReason.NodeLostFarmer); // The other farm is unowned.

        Assert.Equal((1, "Freefarm"), (moved.NodeBefore!.FarmId.Value, moved.NodeBefore.Farm!.Name));
        Assert.Equal((2, "Another farm"), (moved.Node.FarmId.Value, moved.Node.Farm!.Name));
        Assert.Equal(3, moved.CombinationsBefore.Count);
        Assert.Empty(moved.Combinations);
        Assert.Equal(node, moved.Node.Id);
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

        Assert.Equal(ChangeReason.NodeUnpublished, Assert.Single(await next.WaitAsync(TimeSpan.FromSeconds(20))).Reason);
    }

    [Fact]
    public async Task An_event_right_after_a_read_waits_for_the_next_read_and_one_after_a_quiet_moment_is_read_at_once()
    {
        await using TestMarket market = await TestMarket.OpenAsync(AddTail, narrow);
        await market.PublishAsync();
        await market.SqlAsync("SELECT stamp_events(1000)");
        var (clock, signals, options) = (new TestClock(), new EventSignals(), new EventOptions());
        using var tail = new EventTail(
            market.Replica.Get<EventStore>(), signals, market.Replica.Get<Restores>(), Options.Create(options), clock, NullLogger<EventTail>.Instance);
        await tail.StartAsync(default);
        await Eventually.HoldsAsync(IsWaitingForHints, "the tail has looked");
        long before = tail.Position;

        await ChangeNodeAsync(market);
        signals.Stamped();
        await Eventually.HoldsAsync(() => clock.NextTimerAt == clock.GetUtcNow() + options.ReadGap || tail.Position > before, "the tail has received the hint");
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
    public async Task Kinds_and_reasons_of_a_newer_release_are_skipped_and_nothing_after_them_is_lost()
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

        CommittedEvent polished = await FirstAsync(running, ChangeReason.Other, EventKind.Node);

        Assert.Equal(node, polished.Node.Id);
        Assert.Equal(EventKind.Unknown, (await FirstAsync(running, ChangeReason.Other, EventKind.Unknown)).Kind);
        await FirstAsync(running, ChangeReason.RentalStarted);
    }

    [Fact]
    public void A_cursor_goes_on_where_all_that_follows_is_kept_and_of_its_time()
    {
        var cursor = new EventCursor(Guid.NewGuid(), 42, 7);
        var range = new EventRange(cursor.Epoch, 10, 50, 8);

        Assert.True(range.CanResume(cursor, 7));
        Assert.True(range.CanResume(cursor with { Seq = 9 }, 7));
        Assert.False(range.CanResume(cursor with { Seq = 8 }, 7));
        Assert.False(range.CanResume(cursor with { Epoch = Guid.NewGuid() }, 7));
    }

    [Fact]
    public void A_cursor_of_a_time_that_was_lost_is_recognised_by_its_number_or_its_mark()
    {
        var range = new EventRange(Guid.NewGuid(), 10, 50, 8);

        Assert.False(range.IsOfLostTime(range.End, 8));
        Assert.True(range.IsOfLostTime(range.End, 9)); // Another event has the number.
        Assert.True(range.IsOfLostTime(range.End with { Seq = 51 }, 0)); // No event has it yet.
        Assert.False(range.IsOfLostTime(range.End with { Seq = 8 }, 0)); // It was deleted, as all events are in the end.
        Assert.True(range.IsOfLostTime(range.End with { Mark = EventCursor.Unmarked }, 8)); // It is no place to resume from.
    }

    private static Task<int> ChangeNodeAsync(TestMarket market) =>
        market.SqlAsync("UPDATE nodes SET version = version + 1, sync_sequence = sync_sequence + 1; SELECT stamp_events(1000)");

    private static void AddTail(IServiceCollection services)
    {
        services.TryAddSingleton<EventSignals>();
        services.TryAddSingleton<CommitSignal>();
        services.TryAddSingleton<EventNews>();
        services.TryAddSingleton<EventStore>();
        services.TryAddSingleton<EventStamper>();
        services.TryAddSingleton<Restores>();
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
            seen.AddRange(page.Select(one => one.Seq));
            position = page.Count > 0 ? page[^1].Seq : position;
            if (pause)
                await market.ScalarAsync<int>("SELECT 1 FROM pg_sleep(0.05)");
        }
    }

    private static async Task<CommittedEvent> FirstAsync(Running tail, ChangeReason reason, EventKind? kind = null)
    {
        long position = 0;
        while (true)
        {
            IReadOnlyList<CommittedEvent> page = await tail.NextAsync(position, TimeSpan.FromSeconds(1));
            if (page.FirstOrDefault(one => one.Reason == reason && (kind ?? one.Kind) == one.Kind) is { } found)
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
            await tail.WhenStarted;
            await replica.Get<EventStamper>().StartAsync(default);
            return running;
        }

        public Task<IReadOnlyList<CommittedEvent>> NextAsync(long after, TimeSpan wait) => tail.NextAsync(new EventCursor(epoch, after, null), wait, default);

        public async ValueTask DisposeAsync()
        {
            await stamper.StopAsync(default);
            await tail.StopAsync(default);
        }
    }
}
