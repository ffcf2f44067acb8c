using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Grid;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>However a pass ends, it is measured and leaves no lease behind.</summary>
public sealed class PassEndTests
{
    [Fact]
    public async Task A_pass_whose_end_cannot_be_recorded_is_incomplete_and_gives_the_lease_back()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        GridSync sync = SyncOf(rig, "unrecorded");
        using var passes = new MeasuredPasses("unrecorded");
        await rig.RunAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'The disk is full.'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON grid_syncs FOR EACH ROW
                WHEN (NEW.last_completed_at IS DISTINCT FROM OLD.last_completed_at) EXECUTE FUNCTION refuse();
            """);

        await Assert.ThrowsAsync<PostgresException>(() => sync.RunAsync(TimeSpan.Zero, default));

        Assert.Equal(["Incomplete"], passes.Outcomes);
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM grid_syncs WHERE lease_expires_at IS NOT NULL"));
        // It is public.
        Assert.Equal("The pass failed; the log of the replica that made it says why.", (await rig.StateAsync("unrecorded")).LastError);
    }

    [Fact]
    public async Task A_lease_that_could_not_be_given_back_is_given_back_before_the_next_pass()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        GridSync sync = SyncOf(rig, "kept");
        await rig.RunAsync(
            """
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'PostgreSQL is away.'; END $$;
            CREATE TRIGGER refuse BEFORE UPDATE ON grid_syncs FOR EACH ROW WHEN (NEW.lease_expires_at IS NULL) EXECUTE FUNCTION refuse();
            """);
        await Assert.ThrowsAsync<PostgresException>(() => sync.RunAsync(TimeSpan.Zero, default));
        await rig.RunAsync("DROP TRIGGER refuse ON grid_syncs");

        // Another replica has to wait for it to run out.
        Assert.Equal(SyncOutcome.NotDue, (await SyncOf(rig, "kept").RunAsync(TimeSpan.Zero, default)).Outcome);
        Assert.Equal(SyncOutcome.Complete, (await sync.RunAsync(TimeSpan.Zero, default)).Outcome);
    }

    [Fact]
    public async Task A_replica_that_stops_while_it_records_a_complete_pass_still_records_it()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        rig.Faults.Add(new Fault { Path = "/farms", DelayMs = 1_500, Requests = 1 });
        using var stop = new CancellationTokenSource();
        Task<SyncReport> pass = rig.Sync.RunAsync(TimeSpan.Zero, stop.Token);
        await Eventually.HoldsAsync(() => rig.Faults.RequestCount >= 1, "the pass reads farms");
        await using NpgsqlConnection stranger = await rig.Database.OpenConnectionAsync();
        await using (NpgsqlTransaction held = await stranger.BeginTransactionAsync())
        {
            await using (var take = new NpgsqlCommand("SELECT 1 FROM grid_syncs FOR SHARE", stranger)) // The pass writes, and cannot record its end.
                await take.ExecuteNonQueryAsync();
            await Eventually.HoldsAsync(
                async () => await rig.ReadAsync<int>(
                    """
                    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'UPDATE grid_syncs%'
                    """) == 1,
                "the pass records its end");
            await stop.CancelAsync();
        }

        Assert.Equal(SyncOutcome.Complete, (await pass).Outcome);
        Assert.Equal((60, null), ((await rig.StateAsync()).NodeCount, (await rig.StateAsync()).LastError));
    }

    [Fact]
    public async Task A_holder_that_is_stopped_gives_the_lease_back_and_the_grid_is_due_for_the_others()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        rig.Faults.Add(new Fault { Path = "/nodes", DelayMs = 60_000, Requests = 1 });
        using var passes = new MeasuredPasses("stopped");
        using var stop = new CancellationTokenSource();
        Task<SyncReport> held = SyncOf(rig, "stopped").RunAsync(TimeSpan.Zero, stop.Token);
        await Eventually.HoldsAsync(() => rig.Faults.RequestCount >= 2, "the holder reads nodes");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => held);

        Assert.Equal(["Incomplete"], passes.Outcomes);
        Assert.Equal(SyncOutcome.Complete, (await SyncOf(rig, "stopped").RunAsync(new GridOptions().NotWithin, default)).Outcome);
    }

    private static GridSync SyncOf(SyncRig rig, string grid) => rig.SyncsOf(change: null, KeyValuePair.Create(grid, rig.Grid.BaseAddress)).All[0];

    /// <summary>How the passes over the grid of this name ended, as metrics show. Tests that run at the same time use other names.</summary>
    private sealed class MeasuredPasses : IDisposable
    {
        private readonly MeterListener listener = new();

        public MeasuredPasses(string grid)
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == "mycelium_sync_duration_seconds")
                    listening.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<double>((_, _, tags, _) =>
            {
                Dictionary<string, object?> values = new(tags.ToArray());
                if (grid.Equals(values["grid"]))
                    Outcomes.Enqueue((string)values["outcome"]!);
            });
            listener.Start();
        }

        public ConcurrentQueue<string> Outcomes { get; } = new();

        public void Dispose() => listener.Dispose();
    }
}
