using System.Globalization;
using Mycelium.GridStandIn.Faults;
using Mycelium.GridStandIn.Fleet;
using Mycelium.Infrastructure.Tests.Grid;

namespace Mycelium.Infrastructure.Tests.Provisioning;

/// <summary>
/// What a grid reports as used includes what our own rentals deployed. A node of ten slices, of which others use two, always has eight for us, whenever a
/// machine of three is deployed or removed.
/// </summary>
public sealed class OwnUseTests
{
    private const int Node = 2;
    private const int Ours = 3;
    private static readonly DateTimeOffset deployedAt = TimeProvider.System.GetUtcNow() - TimeSpan.FromHours(1);
    private static readonly TimeSpan aSecond = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Capacity_stays_right_when_a_machine_is_deployed_before_during_and_after_a_pass()
    {
        await using SyncRig rig = await StartAsync();
        Assert.Equal((8, 5), await PassAsync(rig, reportedAt: deployedAt - aSecond, usedSlices: 2)); // Rented, and not deployed.

        await DeployAsync(rig);
        Assert.Equal((8, 5), await PassAsync(rig, reportedAt: deployedAt - aSecond, usedSlices: 2)); // The page was read before the deployment.
        Assert.Equal((8, 5), await PassAsync(rig, reportedAt: deployedAt + aSecond, usedSlices: 2 + Ours));
        Assert.Equal((8, 5), await PassAsync(rig, reportedAt: deployedAt + TimeSpan.FromMinutes(40), usedSlices: 2 + Ours));
    }

    [Fact]
    public async Task Nothing_is_subtracted_twice_when_others_take_more_or_less()
    {
        await using SyncRig rig = await StartAsync();
        await DeployAsync(rig);

        Assert.Equal((4, 1), await PassAsync(rig, deployedAt + aSecond, usedSlices: 6 + Ours));
        Assert.Equal((10, 7), await PassAsync(rig, deployedAt + aSecond * 2, usedSlices: Ours));
        Assert.Equal((10, 7), await PassAsync(rig, deployedAt + aSecond * 3, usedSlices: 0)); // A report without our machine has no more.
    }

    [Fact]
    public async Task Slices_of_a_rental_that_has_ended_are_for_sale_when_a_report_shows_that_its_machine_is_gone()
    {
        await using SyncRig rig = await StartAsync();
        await DeployAsync(rig);
        Assert.Equal((8, 5), await PassAsync(rig, deployedAt + aSecond, usedSlices: 2 + Ours));

        await EndAsync(rig);
        Assert.Equal((5, 5), await PassAsync(rig, deployedAt + aSecond, usedSlices: 2 + Ours)); // A report from before.
        Assert.Equal((5, 5), await PassAsync(rig, deployedAt + TimeSpan.FromMinutes(40), usedSlices: 2 + Ours)); // It is being deleted.
        Assert.Equal((8, 8), await PassAsync(rig, deployedAt + TimeSpan.FromMinutes(41), usedSlices: 2));
    }

    [Fact]
    public async Task A_machine_that_is_made_anew_counts_from_its_new_deployment()
    {
        await using SyncRig rig = await StartAsync();
        await DeployAsync(rig);
        await rig.RunAsync("UPDATE machines SET deployed_at = NULL");

        Assert.Equal((8, 5), await PassAsync(rig, deployedAt + aSecond, usedSlices: 2));
        await rig.RunAsync($"UPDATE machines SET deployed_at = '{deployedAt + aSecond * 5:O}'");
        Assert.Equal((8, 5), await PassAsync(rig, deployedAt + aSecond * 4, usedSlices: 2));
        Assert.Equal((8, 5), await PassAsync(rig, deployedAt + aSecond * 6, usedSlices: 2 + Ours));
    }

    private static async Task<SyncRig> StartAsync()
    {
        SyncRig rig = await SyncRig.StartAsync(nodes: 10, farms: 2);
        await rig.PassAsync();
        await rig.RentAsync(Node, Ours);
        return rig;
    }

    /// <summary>A pass in which the node reports at an instant that so many slices are used; its slices and how many are free.</summary>
    private static async Task<(int Capacity, int Free)> PassAsync(SyncRig rig, DateTimeOffset reportedAt, int usedSlices)
    {
        rig.Faults.Clear();
        rig.Faults.Add(new Fault
        {
            Node = Node,
            Total = Slices(10),
            Used = Slices(usedSlices),
            Set = new Dictionary<string, string> { ["updatedAt"] = reportedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture) },
        });
        Assert.Null((await rig.PassAsync()).Reason);
        return (await rig.ReadAsync<int>($"SELECT slice_capacity FROM nodes WHERE id = {Node}"),
            await rig.ReadAsync<int>($"SELECT free_slices FROM nodes WHERE id = {Node}"));
    }

    private static Resources Slices(int count) => new(count, count * (200L << 30), 0, count * (4L << 30));

    /// <summary>As the provisioner reported it: the rental itself does not matter to a pass.</summary>
    private static Task DeployAsync(SyncRig rig) => rig.RunAsync(
        $"""
        SET session_replication_role = replica;
        INSERT INTO machines (
            rental_id, node_id, slice_total, ssh_public_key, version, state, tries, claim, next_try_at, created_at, deadline_at, deployed_at, used_cores,
            used_memory_bytes, used_ssd_bytes, public_ip_count, public_ip_hours, traffic_gib, access)
        SELECT gen_random_uuid(), {Node}, {Ours}, 'key', 1, 'Ready', 0, 0, now(), now(), now(), '{deployedAt:O}', {Ours}, {Ours} * (4::bigint << 30),
               {Ours} * (200::bigint << 30), 0, 0, 0, 'sealed';
        RESET session_replication_role;
        """);

    /// <summary>The slices go back to the node, and the machine is unwanted.</summary>
    private static Task EndAsync(SyncRig rig) => rig.RunAsync(
        $"""
        SET session_replication_role = replica;
        UPDATE nodes SET allocated_slices = 0 WHERE id = {Node};
        UPDATE machines SET state = 'Deleting', unwanted_at = now(), access = NULL;
        RESET session_replication_role;
        """);
}
