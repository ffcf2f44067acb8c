using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>How a pass treats a farm, or a node, that the grid lists under another owner.</summary>
public sealed class OwnerOnGridTests
{
    private const string Offer = "SELECT concat_ws(' ', (farmer_id IS NOT NULL)::text, is_published::text, price_per_slice, status) FROM nodes WHERE id = 574";

    [Fact]
    public async Task A_farm_that_moves_to_another_linked_twin_ends_the_offers_of_its_nodes_in_the_pass_that_sees_it()
    {
        await using SyncRig rig = await PublishedAsync();
        await rig.RunAsync("""
            INSERT INTO accounts (id, user_name) VALUES ('cccccccc-0000-7000-8000-000000000000', 'heir');
            INSERT INTO farmer_twins (grid_number, twin_id, account_id) VALUES (0, 67, 'cccccccc-0000-7000-8000-000000000000')
            """);
        rig.Faults.Add(new Fault { Farm = 1, Set = new Dictionary<string, string> { ["twinId"] = "67" } });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Complete, "false false 0 Up"), (report.Outcome, await rig.ReadAsync<string>(Offer)));
        Assert.Equal(1, await rig.ReadAsync<int>("SELECT count(*) FROM events WHERE reason = 'NodeLostFarmer' AND node_id = 574"));
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM slice_combinations WHERE node_id = 574"));
        Assert.Equal((SyncOutcome.Complete, 0), ((await rig.PassAsync()).Outcome, (await rig.PassAsync()).WrittenCount));
    }

    [Fact]
    public async Task A_farm_whose_grid_names_a_twin_that_nobody_linked_keeps_its_owner_and_operators_read_of_it()
    {
        await using SyncRig rig = await PublishedAsync();
        rig.Faults.Add(new Fault { Farm = 1, Set = new Dictionary<string, string> { ["twinId"] = "67" } });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Complete, "true true 15000 Up"), (report.Outcome, await rig.ReadAsync<string>(Offer)));
        Assert.Equal("Farm 1 twinId UnlinkedTwin", await rig.ReadAsync<string>("SELECT concat_ws(' ', subject, grid_id, field, reason) FROM grid_flaws"));
        Assert.EndsWith("The grid says: 67", await rig.ReadAsync<string>("SELECT message FROM grid_flaws"), StringComparison.Ordinal);
        Assert.Equal(1, await rig.ReadAsync<int>(
            "SELECT count(*) FROM events WHERE reason = 'FarmChanged' AND node_id = 574 AND state::json #>> '{farm,kept_by_twin_id}' IS NOT NULL"));
        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM audit_entries WHERE actor = 'Grid'"));

        rig.Faults.Clear();
        await rig.PassAsync();

        Assert.Equal(0, await rig.ReadAsync<int>("SELECT count(*) FROM grid_flaws"));
    }

    [Fact]
    public async Task A_node_that_moves_to_another_owners_farm_loses_its_farmer_and_takes_the_rest_of_the_record()
    {
        await using SyncRig rig = await PublishedAsync();
        rig.Faults.Add(new Fault { Node = 574, NodeStatus = "down", Set = new Dictionary<string, string> { ["farmId"] = "3" } });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Complete, 1, 1), (report.Outcome, report.WrittenCount, report.ChangedCount));
        Assert.Equal("false false 0 Down", await rig.ReadAsync<string>(Offer));
        Assert.Equal("NodeLostFarmer 3", await rig.ReadAsync<string>(
            "SELECT concat_ws(' ', reason, state::json ->> 'farm_id') FROM events WHERE node_id = 574 ORDER BY id DESC LIMIT 1"));
    }

    [Fact]
    public async Task A_node_that_moves_to_another_farm_of_its_owner_stays_for_sale()
    {
        await using SyncRig rig = await PublishedAsync();
        await rig.RunAsync("""
            INSERT INTO farmer_twins (grid_number, twin_id, account_id) SELECT 0, farms.twin_id, farmer.account_id FROM farms, farmer_twins AS farmer
                WHERE farms.id = 3
            """);
        rig.Faults.Add(new Fault { Node = 574, Set = new Dictionary<string, string> { ["farmId"] = "3" } });

        await rig.PassAsync();

        Assert.Equal("true true 15000 Up", await rig.ReadAsync<string>(Offer));
        Assert.Equal("3", await rig.ReadAsync<string>("SELECT farm_id::text FROM slice_combinations WHERE node_id = 574"));
    }

    [Fact]
    public async Task What_an_older_release_left_with_the_wrong_farmer_is_put_right_by_the_next_write()
    {
        await using SyncRig rig = await PublishedAsync();
        await rig.RunAsync("""
            SET session_replication_role = replica;
            UPDATE farms SET twin_id = 67, owner_id = NULL WHERE id = 1;
            RESET session_replication_role
            """);
        rig.Faults.Add(new Fault { Farm = 1, Set = new Dictionary<string, string> { ["twinId"] = "67" } });
        rig.Faults.Add(new Fault { Node = 574, NodeStatus = "standby" });

        await rig.PassAsync();

        Assert.Equal("false false 0 Standby", await rig.ReadAsync<string>(Offer));
    }

    private static async Task<SyncRig> PublishedAsync()
    {
        SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        await rig.RentAsync(574, slices: 0);
        return rig;
    }
}
