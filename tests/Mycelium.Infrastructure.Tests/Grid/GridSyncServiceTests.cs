using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Grid;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>When passes happen.</summary>
public sealed class GridSyncServiceTests
{
    private readonly TestClock clock = new();

    [Fact]
    public async Task The_first_pass_is_at_the_start_and_the_next_after_the_interval()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        using GridSyncService service = Service(rig);

        await service.StartAsync(default);
        await PassesAsync(rig, 1);
        await rig.RunAsync("UPDATE grid_syncs SET last_started_at = last_started_at - interval '1 minute'"); // The database has a clock of its own.
        await ForwardAsync(TimeSpan.FromSeconds(66));
        await PassesAsync(rig, 2);
        await service.StopAsync(default);
    }

    [Fact]
    public async Task Failing_passes_become_rarer_and_the_loop_continues()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        rig.Faults.Add(new Fault { Status = 503 });
        using GridSyncService service = Service(rig);

        await service.StartAsync(default);
        await PassesAsync(rig, 1);
        await rig.RunAsync("UPDATE grid_syncs SET last_started_at = last_started_at - interval '1 hour'");
        await ForwardAsync(TimeSpan.FromSeconds(100)); // Twice the interval, less a tenth, is 108 s.
        Assert.Equal(1, await rig.ReadAsync<int>("SELECT last_value FROM sync_sequence"));
        rig.Faults.Clear();
        clock.Advance(TimeSpan.FromSeconds(40));
        await PassesAsync(rig, 2);

        await Eventually.HoldsAsync(async () => await rig.ReadAsync<int>("SELECT count(*) FROM nodes") == 60, "the grid is taken over");
        await service.StopAsync(default);
    }

    [Fact]
    public async Task Without_a_grid_there_is_nothing_to_do()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        using GridSyncService service = Service(rig.SyncsOf(change: null));

        await service.StartAsync(default);
        await service.ExecuteTask!;

        Assert.Equal(0, rig.Faults.RequestCount);
    }

    [Fact]
    public async Task Grids_that_do_not_answer_keep_no_other_from_being_read()
    {
        await using SyncRig rig = await SyncRig.StartAsync(grids: 6);
        rig.Faults.Add(new Fault { Path = "/grid/", DelayMs = 600_000 });
        KeyValuePair<string, Uri>[] dead = [.. Enumerable.Range(1, 6).Select(number => KeyValuePair.Create($"dead-{number}", rig.Grid.GridAddress(number)))];
        using GridSyncService service = Service(rig.SyncsOf(
            options => (options.PassesAtOnce, options.RequestTimeout, options.AttemptTimeout) = (2, TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(5)),
            [.. dead, KeyValuePair.Create("main", rig.Grid.BaseAddress)]));

        await service.StartAsync(default);
        await Eventually.HoldsAsync(
            async () => await rig.ReadAsync<int>("SELECT count(*) FROM grid_syncs WHERE last_started_at IS NOT NULL") == 7, "a pass over each grid begins");
        await Eventually.HoldsAsync(async () => (await rig.StateAsync()).NodeCount == 60, "the grid that answers is read");

        Assert.Equal(6, await rig.ReadAsync<int>("SELECT count(*) FROM grid_syncs WHERE lease_expires_at > clock_timestamp()"));
        // A pass that waits for its grid has neither a transaction nor a lock.
        Assert.Equal(0, await rig.ReadAsync<int>(
            """
            SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
                AND backend_type = 'client backend'
            """));
        Assert.Equal(0, await rig.ReadAsync<int>(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
        await service.StopAsync(default);
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM grid_syncs WHERE lease_expires_at IS NOT NULL"));
    }

    private GridSyncService Service(SyncRig rig) => Service(rig.SyncsOf(change: null, KeyValuePair.Create("main", rig.Grid.BaseAddress)));

    private GridSyncService Service(GridSyncs syncs) => new(syncs, Options.Create(new GridOptions()), clock, NullLogger<GridSyncService>.Instance);

    /// <summary>Waits until the pass of this number has ended.</summary>
    private static Task PassesAsync(SyncRig rig, int count) => Eventually.HoldsAsync(
        async () => await rig.ReadAsync<int>("SELECT count(*) FROM grid_syncs WHERE last_sequence = " + count
            + " AND (last_completed_at >= last_started_at OR last_error IS NOT NULL)") == 1,
        $"pass {count} ends");

    /// <summary>Moves the clock once the service waits for it.</summary>
    private async Task ForwardAsync(TimeSpan by)
    {
        await Eventually.HoldsAsync(() => clock.ArmedTimerCount > 0, "the service waits");
        clock.Advance(by);
    }
}
