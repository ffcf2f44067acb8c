using Mycelium.Domain.Grids;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>A grid that no longer lists more than half of its nodes is believed once an operator has confirmed it.</summary>
public sealed class GridShrinkTests
{
    private const string Vanished = "SELECT count(*) FROM nodes WHERE is_vanished";

    [Fact]
    public async Task A_shrink_that_is_confirmed_makes_the_missing_nodes_vanish_after_three_passes()
    {
        await using SyncRig rig = await ShrunkAsync(missing: 40);
        Assert.Equal((SyncOutcome.Incomplete, 0), await PassAsync(rig));
        GridShrink waiting = (await rig.StateAsync()).Shrink!;
        Assert.Equal((60, 20, false), (waiting.KnownCount, waiting.RemainingCount, waiting.IsConfirmed));

        Assert.IsType<GridShrinkConfirmed>(await rig.ConfirmShrinkAsync(remaining: 20));

        for (int pass = 1; pass <= 3; pass++)
        {
            Assert.Equal(0, await rig.ReadAsync<int>(Vanished));
            Assert.Equal((SyncOutcome.Complete, 40), await PassAsync(rig));
        }
        Assert.Equal(40, await rig.ReadAsync<int>(Vanished));
        Assert.Equal((SyncOutcome.Complete, 0), await PassAsync(rig));
        Assert.Null((await rig.StateAsync()).Shrink);
        Assert.Null((await rig.StateAsync()).LastError);
    }

    [Fact]
    public async Task A_confirmation_holds_for_no_fewer_nodes_than_were_confirmed()
    {
        await using SyncRig rig = await ShrunkAsync(missing: 40);
        await rig.PassAsync();
        await rig.ConfirmShrinkAsync(remaining: 20);
        rig.Faults.Add(new Fault { Node = 50, Vanish = true });

        Assert.Equal((SyncOutcome.Incomplete, 0), await PassAsync(rig));

        GridShrink waiting = (await rig.StateAsync()).Shrink!;
        Assert.Equal((19, false), (waiting.RemainingCount, waiting.IsConfirmed));
        Assert.IsType<GridShrinkChanged>(await rig.ConfirmShrinkAsync(remaining: 20));
        Assert.IsType<GridShrinkConfirmed>(await rig.ConfirmShrinkAsync(remaining: 19));
        Assert.Equal((SyncOutcome.Complete, 41), await PassAsync(rig));
    }

    [Fact]
    public async Task A_confirmation_holds_while_some_of_the_missing_nodes_come_back()
    {
        await using SyncRig rig = await ShrunkAsync(missing: 40);
        await rig.PassAsync();
        await rig.ConfirmShrinkAsync(remaining: 20);
        rig.Faults.Clear();
        Lose(rig, 35);

        Assert.Equal((SyncOutcome.Complete, 35), await PassAsync(rig));
    }

    [Fact]
    public async Task A_confirmation_goes_with_its_shrink()
    {
        await using SyncRig rig = await ShrunkAsync(missing: 40);
        await rig.PassAsync();
        await rig.ConfirmShrinkAsync(remaining: 20);
        rig.Faults.Clear();
        Assert.Equal((SyncOutcome.Complete, 0), await PassAsync(rig));
        Assert.Null((await rig.StateAsync()).Shrink);

        Lose(rig, 40);

        Assert.Equal((SyncOutcome.Incomplete, 0), await PassAsync(rig));
        Assert.False((await rig.StateAsync()).Shrink!.IsConfirmed);
    }

    [Fact]
    public async Task What_does_not_wait_is_not_confirmed_and_confirming_again_changes_nothing()
    {
        await using SyncRig rig = await ShrunkAsync(missing: 40);
        Assert.IsType<GridNotShrinking>(await rig.ConfirmShrinkAsync(remaining: 20));
        await rig.PassAsync();
        Assert.Equal(20, Assert.IsType<GridShrinkChanged>(await rig.ConfirmShrinkAsync(remaining: 0)).Shrink.RemainingCount);
        Assert.IsType<GridShrinkConfirmed>(await rig.ConfirmShrinkAsync(remaining: 20));

        string before = await rig.ReadAsync<string>("SELECT xmin::text FROM grid_syncs");
        Assert.IsType<GridShrinkConfirmed>(await rig.ConfirmShrinkAsync(remaining: 20));

        Assert.Equal(before, await rig.ReadAsync<string>("SELECT xmin::text FROM grid_syncs"));
        Assert.Equal(SyncRig.Operator.Value.ToString(), await rig.ReadAsync<string>("SELECT shrink_confirmed_by::text FROM grid_syncs"));
    }

    private static async Task<(SyncOutcome, int)> PassAsync(SyncRig rig)
    {
        SyncReport report = await rig.PassAsync();
        return (report.Outcome, report.MissedCount);
    }

    /// <summary>A grid of 60 nodes that was read, and has lost some since.</summary>
    private static async Task<SyncRig> ShrunkAsync(int missing)
    {
        SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        Lose(rig, missing);
        return rig;
    }

    private static void Lose(SyncRig rig, int count)
    {
        for (int node = 1; node <= count; node++)
            rig.Faults.Add(new Fault { Node = node, Vanish = true });
    }
}
