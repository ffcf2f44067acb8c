using System.Globalization;
using Mycelium.GridStandIn.Faults;
using Mycelium.GridStandIn.Fleet;
using Mycelium.Infrastructure.Grid;
using Xunit.Abstractions;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>Passes over a grid that answers honestly, and changes.</summary>
public sealed class GridSyncTests(ITestOutputHelper output)
{
    [Fact]
    public async Task The_first_pass_stores_the_grid_and_the_second_writes_nothing()
    {
        await using SyncRig rig = await SyncRig.StartAsync();

        SyncReport first = await rig.PassAsync();
        Assert.Equal((SyncOutcome.Complete, null), (first.Outcome, first.Reason));
        Assert.Equal((6, 60, 66, 60), (first.FarmCount, first.NodeCount, first.WrittenCount, first.ChangedCount));
        Assert.Equal(60, await rig.ReadAsync<int>("SELECT count(*) FROM events WHERE reason = 'NodeDiscovered'"));
        Assert.Equal(60, await rig.ReadAsync<int>("SELECT count(*) FROM nodes WHERE uptime_percent IN (0, 100)"));
        string before = await rig.FingerprintAsync();

        SyncReport second = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Complete, 0, 0, 0), (second.Outcome, second.WrittenCount, second.ChangedCount, second.MissedCount));
        Assert.Equal(before, await rig.FingerprintAsync());
    }

    [Fact]
    public async Task The_real_node_is_stored_with_its_slices_counted()
    {
        await using SyncRig rig = await SyncRig.StartAsync();

        await rig.PassAsync();

        Assert.Equal(
            "56 202711719936 35 1 DE Europe Up Diy",
            await rig.ReadAsync<string>("""
                SELECT concat_ws(' ', total_cores, total_memory_bytes, used_cores, slice_capacity, country_code, region, status, certification) FROM nodes
                    WHERE id = 574
                """));
        Assert.Equal("Freefarm 18 11 Gold", await rig.ReadAsync<string>(
            "SELECT concat_ws(' ', name, public_ip_count, free_public_ip_count, certification) FROM farms WHERE id = 1"));
    }

    [Fact]
    public async Task A_report_that_only_moves_counters_is_stored_without_an_event()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        await rig.RunAsync("UPDATE nodes SET uptime_seconds = 1, last_report_at = last_report_at - interval '1 hour' WHERE id = 574; DELETE FROM events");

        SyncReport report = await rig.PassAsync();

        Assert.Equal((1, 0), (report.WrittenCount, report.ChangedCount));
        Assert.Equal(1_328_644, await rig.ReadAsync<long>("SELECT uptime_seconds FROM nodes WHERE id = 574"));
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM events"));
    }

    [Fact]
    public async Task What_we_know_is_not_left_to_look_older_than_the_freshness_step()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        await rig.RunAsync("""
            UPDATE nodes SET capacity_as_of = clock_timestamp() - interval '6 minutes' WHERE id IN (1, 83);
            UPDATE farms SET capacity_as_of = clock_timestamp() - interval '6 minutes' WHERE id = 1;
            DELETE FROM events
            """);

        SyncReport report = await rig.PassAsync();

        Assert.Equal((3, 0), (report.WrittenCount, report.ChangedCount));
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM nodes WHERE capacity_as_of < clock_timestamp() - interval '5 minutes'"));
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM events"));
    }

    [Fact]
    public async Task A_node_that_shrinks_below_what_is_rented_keeps_its_rentals_and_sells_nothing()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        rig.Faults.Add(new Fault { Node = 574, Slices = 10 });
        await rig.PassAsync();
        await rig.RentAsync(574, slices: 8);
        Assert.Equal("2 true", await rig.ReadAsync<string>("SELECT concat_ws(' ', free_slices, is_sellable::text) FROM nodes WHERE id = 574"));
        await rig.RunAsync("DELETE FROM events");

        rig.Faults.Add(new Fault { Node = 574, Slices = 3 });
        await rig.PassAsync();

        Assert.Equal("8 3 5 0 false", await rig.ReadAsync<string>(
            "SELECT concat_ws(' ', allocated_slices, slice_capacity, overcommitted_slices, free_slices, is_sellable::text) FROM nodes WHERE id = 574"));
        Assert.Equal("NodeOvercommitted 3 10", await rig.ReadAsync<string>(
            "SELECT concat_ws(' ', reason, state::json ->> 'slice_capacity', previous::json ->> 'slice_capacity') FROM events"));
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT coalesce(sum(quantity_available), 0) FROM slice_combinations WHERE node_id = 574"));

        rig.Faults.Clear();
        rig.Faults.Add(new Fault { Node = 574, Slices = 10 });
        await rig.PassAsync();
        Assert.Equal("8 0 2 true", await rig.ReadAsync<string>(
            "SELECT concat_ws(' ', allocated_slices, overcommitted_slices, free_slices, is_sellable::text) FROM nodes WHERE id = 574"));
        Assert.Equal(1, await rig.ReadAsync<int>("SELECT count(*) FROM events WHERE reason = 'NodeNoLongerOvercommitted'"));
    }

    [Fact]
    public async Task Only_the_node_that_changed_is_written_and_reported()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        await rig.RunAsync("DELETE FROM events");
        rig.Faults.Add(new Fault { Node = 574, NodeStatus = "down" });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((1, 1), (report.WrittenCount, report.ChangedCount));
        Assert.Equal("574 NodeStatusChanged Down Up", await rig.ReadAsync<string>(
            "SELECT concat_ws(' ', node_id, reason, state::json ->> 'status', previous::json ->> 'status') FROM events"));
    }

    [Fact]
    public async Task A_node_vanishes_after_three_complete_passes_without_it_and_returns_when_it_is_seen()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        await rig.RunAsync("DELETE FROM events");
        rig.Faults.Add(new Fault { Node = 574, Vanish = true });

        for (int pass = 1; pass <= 2; pass++)
        {
            Assert.Equal(1, (await rig.PassAsync()).MissedCount);
            Assert.Equal("false " + pass, await rig.ReadAsync<string>("SELECT concat_ws(' ', is_vanished::text, missed_passes) FROM nodes WHERE id = 574"));
        }
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM events"));
        await rig.PassAsync();
        Assert.Equal("NodeVanished", await rig.ReadAsync<string>("SELECT reason FROM events"));
        await rig.PassAsync();
        Assert.Equal("true 3", await rig.ReadAsync<string>("SELECT concat_ws(' ', is_vanished::text, missed_passes) FROM nodes WHERE id = 574"));

        rig.Faults.Clear();
        await rig.PassAsync();

        Assert.Equal("false 0", await rig.ReadAsync<string>("SELECT concat_ws(' ', is_vanished::text, missed_passes) FROM nodes WHERE id = 574"));
        Assert.Equal("NodeReturned", await rig.ReadAsync<string>("SELECT reason FROM events ORDER BY id DESC LIMIT 1"));
        Assert.Equal(2, await rig.ReadAsync<int>("SELECT count(*) FROM events"));
    }

    [Fact]
    public async Task Misses_that_do_not_follow_each_other_do_not_add_up()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();

        for (int round = 0; round < 2; round++)
        {
            rig.Faults.Add(new Fault { Node = 574, Vanish = true });
            await rig.PassAsync();
            await rig.PassAsync();
            rig.Faults.Clear();
            await rig.PassAsync();
        }

        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM events WHERE reason = 'NodeVanished'"));
    }

    [Fact]
    public async Task Uptime_is_the_share_of_sampled_slots_and_a_slot_once_up_is_up()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        // Nine earlier slots, three of them down, and two that have left the window.
        await rig.RunAsync(
            """
            INSERT INTO uptime_samples SELECT 574, slot - earlier, earlier > 3 FROM uptime_samples, generate_series(1, 9) AS earlier WHERE node_id = 574;
            INSERT INTO uptime_samples SELECT 574, min(slot) - 1200, false FROM uptime_samples WHERE node_id = 574;
            UPDATE uptime_samples SET slot = slot - 1300 WHERE node_id = 574 AND slot = (SELECT max(slot) FROM uptime_samples);
            """);

        rig.Faults.Add(new Fault { Node = 574, NodeStatus = "down" });
        await rig.PassAsync();
        Assert.Equal(60, await rig.ReadAsync<double>("SELECT uptime_percent FROM nodes WHERE id = 574"));

        rig.Faults.Clear();
        await rig.PassAsync();
        Assert.Equal(70, await rig.ReadAsync<double>("SELECT uptime_percent FROM nodes WHERE id = 574"));
        rig.Faults.Add(new Fault { Node = 574, NodeStatus = "down" });
        await rig.PassAsync();
        Assert.Equal(70, await rig.ReadAsync<double>("SELECT uptime_percent FROM nodes WHERE id = 574"));
    }

    [Fact]
    public async Task A_pass_touches_neither_price_nor_publication_nor_allocation()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        rig.Faults.Add(new Fault { Node = 574, Slices = 10 });
        await rig.PassAsync();
        await rig.RentAsync(574, slices: 4);
        rig.Faults.Add(new Fault { Node = 574, Used = new Resources(0, 0, 0, 0), Total = new Resources(64, 100L << 40, 0, 1L << 40) });

        await rig.PassAsync();

        Assert.Equal("64 4 15000 true", await rig.ReadAsync<string>(
            "SELECT concat_ws(' ', slice_capacity, allocated_slices, price_per_slice, is_published::text) FROM nodes WHERE id = 574"));
    }

    [Fact]
    public async Task Two_thousand_nodes_are_stored_in_seconds()
    {
        await using SyncRig rig = await SyncRig.StartAsync(nodes: 2_000, farms: 200, change: options => options.PageSize = 500);

        SyncReport first = await rig.PassAsync();
        SyncReport second = await rig.PassAsync();

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"2000 nodes: first pass {first.Duration.TotalMilliseconds:f0} ms, second {second.Duration.TotalMilliseconds:f0} ms"));
        Assert.Equal((SyncOutcome.Complete, 2_000, 0), (second.Outcome, second.NodeCount, second.WrittenCount));
        Assert.InRange(first.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(30));
    }
}
