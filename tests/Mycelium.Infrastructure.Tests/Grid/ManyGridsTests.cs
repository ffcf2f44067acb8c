using Mycelium.Domain.Grids;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>Passes over several grids into one database: none touches another's rows, and replicas share them.</summary>
public sealed class ManyGridsTests
{
    [Fact]
    public async Task Nodes_and_farms_of_two_grids_with_the_same_numbers_are_kept_apart()
    {
        await using SyncRig rig = await SyncRig.StartAsync(grids: 1);
        GridSync test = rig.TestSync();

        Assert.Equal(SyncOutcome.Complete, (await rig.PassAsync()).Outcome);
        SyncReport first = await test.RunAsync(TimeSpan.Zero, default);

        Assert.Equal((SyncOutcome.Complete, 60, 66), (first.Outcome, first.NodeCount, first.WrittenCount));
        Assert.Equal("main 0 574 574, test 1 574 4294967870", await rig.ReadAsync<string>(
            "SELECT string_agg(concat_ws(' ', grid, grid_number, grid_id, id), ', ' ORDER BY id) FROM nodes WHERE grid_id = 574"));
        Assert.Equal("60 60", await rig.ReadAsync<string>("SELECT string_agg(count::text, ' ') FROM (SELECT count(*) FROM nodes GROUP BY grid) AS each"));
        Assert.Equal(60, await rig.ReadAsync<int>("""
            SELECT count(*) FROM nodes AS one JOIN nodes AS other USING (grid_id, total_cores)
                WHERE one.grid = 'main' AND other.grid = 'test' AND one.farm_id = other.farm_id & 4294967295
            """));

        string before = await rig.FingerprintAsync();
        Assert.Equal((SyncOutcome.Complete, 0, 0), Sum(await rig.PassAsync()));
        Assert.Equal((SyncOutcome.Complete, 0, 0), Sum(await test.RunAsync(TimeSpan.Zero, default)));
        Assert.Equal(before, await rig.FingerprintAsync());

        static (SyncOutcome, int, int) Sum(SyncReport report) => (report.Outcome, report.WrittenCount, report.MissedCount);
    }

    [Fact]
    public async Task One_grids_outage_leaves_the_other_fresh()
    {
        await using SyncRig rig = await SyncRig.StartAsync(grids: 1);
        GridSync test = rig.TestSync();
        await rig.PassAsync();
        await test.RunAsync(TimeSpan.Zero, default);
        await rig.RunAsync("""
            UPDATE nodes SET capacity_as_of = clock_timestamp() - interval '6 minutes';
            UPDATE grid_syncs SET last_completed_at = last_completed_at - interval '6 minutes'
            """);
        rig.Faults.Add(new Fault { Path = "/grid/1/", Status = 503 });

        SyncReport lost = await test.RunAsync(TimeSpan.Zero, default);
        SyncReport healthy = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Incomplete, 0, 0), (lost.Outcome, lost.WrittenCount, lost.MissedCount));
        Assert.Equal((SyncOutcome.Complete, 60), (healthy.Outcome, healthy.WrittenCount));
        Assert.Equal("main", await rig.ReadAsync<string>(
            "SELECT string_agg(DISTINCT grid, ',') FROM nodes WHERE capacity_as_of > clock_timestamp() - interval '5 minutes'"));
        SyncState main = await rig.StateAsync(), other = await rig.StateAsync("test");
        Assert.Equal((GridStatus.UpToDate, null, 60), (main.Status, main.LastError, main.NodeCount));
        Assert.Equal((GridStatus.Behind, 60), (other.Status, other.NodeCount));
        Assert.NotNull(other.LastError);
    }

    [Fact]
    public async Task A_node_that_is_gone_from_one_grid_is_missed_on_no_other()
    {
        await using SyncRig rig = await SyncRig.StartAsync(grids: 1);
        GridSync test = rig.TestSync();
        await rig.PassAsync();
        await test.RunAsync(TimeSpan.Zero, default);
        rig.Faults.Add(new Fault { Path = "/grid/1/", Node = 574, Vanish = true });

        Assert.Equal(0, (await rig.PassAsync()).MissedCount);
        Assert.Equal(1, (await test.RunAsync(TimeSpan.Zero, default)).MissedCount);

        Assert.Equal("test", await rig.ReadAsync<string>("SELECT string_agg(grid, ',') FROM nodes WHERE missed_passes > 0"));
    }

    [Fact]
    public async Task A_grid_that_was_never_read_says_so()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        rig.Faults.Add(new Fault { Status = 503 });

        await rig.PassAsync();

        SyncState state = await rig.StateAsync();
        Assert.Equal((GridStatus.NeverRead, null, null, 0), (state.Status, state.LastCompletedAt, state.Age, state.NodeCount));
    }

    [Fact]
    public async Task Replicas_share_the_grids_and_each_is_read_once()
    {
        await using SyncRig rig = await SyncRig.StartAsync(grids: 4);
        KeyValuePair<string, Uri>[] grids =
            [.. Enumerable.Range(1, 4).Select(number => KeyValuePair.Create($"cluster-{number}", rig.Grid.GridAddress(number)))];
        GridSyncs[] replicas = [rig.SyncsOf(One, grids), rig.SyncsOf(One, grids)];
        rig.Faults.Add(new Fault { DelayMs = 100 });

        SyncReport[][] reports = await Task.WhenAll(
            replicas.Select(syncs => Task.WhenAll(syncs.All.Select(sync => sync.RunAsync(TimeSpan.FromMinutes(1), default)))));

        Assert.Equal(4, reports.SelectMany(each => each).Count(report => report.Outcome == SyncOutcome.Complete));
        Assert.Equal(4, reports.SelectMany(each => each).Count(report => report.Outcome == SyncOutcome.NotDue));
        Assert.All(reports, each => Assert.Contains(each, report => report.Outcome == SyncOutcome.Complete));
        Assert.Equal(240, await rig.ReadAsync<int>("SELECT count(*) FROM events WHERE reason = 'NodeDiscovered'"));

        static void One(GridOptions options) => options.PassesAtOnce = 1;
    }

    [Fact]
    public async Task The_grid_of_a_dead_holder_is_taken_over_when_the_lease_runs_out_and_the_holder_can_write_nothing_more()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        GridSync other = rig.SyncOf();
        rig.Faults.Add(new Fault { Path = "/nodes", DelayMs = 3_000, Requests = 1 });
        Task<SyncReport> held = rig.PassAsync();
        await Testing.Eventually.HoldsAsync(() => rig.Faults.RequestCount >= 2, "the holder reads nodes");

        Assert.Equal(SyncOutcome.NotDue, (await other.RunAsync(TimeSpan.Zero, default)).Outcome);
        Assert.InRange(await rig.ReadAsync<double>(
            "SELECT extract(epoch FROM lease_expires_at - clock_timestamp()) FROM grid_syncs WHERE grid_number = 0"), 1, 60);

        await rig.RunAsync("UPDATE grid_syncs SET lease_expires_at = clock_timestamp() - interval '1 second'");
        rig.Faults.Add(new Fault { Path = "/nodes", DelayMs = 6_000 }); // The new holder is still reading when the old one comes back.
        Task<SyncReport> takenOver = other.RunAsync(TimeSpan.FromMinutes(1), default);
        SyncReport lost = await held;

        Assert.Equal(SyncOutcome.LeaseLost, lost.Outcome);
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM nodes"));
        rig.Faults.Clear();
        Assert.Equal(SyncOutcome.Complete, (await takenOver).Outcome);
        Assert.Equal(("60", null), (await rig.ReadAsync<string>("SELECT count(*)::text FROM nodes"), (await rig.StateAsync()).LastError));
    }
}
