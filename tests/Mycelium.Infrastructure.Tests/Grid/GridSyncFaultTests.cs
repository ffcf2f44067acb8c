using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Grid;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>Passes over a grid that lies, stammers and falls silent: they make data less fresh, and never lose any.</summary>
public sealed class GridSyncFaultTests
{
    [Theory]
    [InlineData("html")]
    [InlineData("truncated")]
    [InlineData("wrong-types")]
    [InlineData("huge")]
    [InlineData("duplicate")]
    [InlineData("null")]
    [InlineData("empty")]
    [InlineData("deep")]
    public async Task Garbage_changes_no_row(string garbage)
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        string before = await rig.FingerprintAsync();
        rig.Faults.Add(new Fault { Garbage = garbage });

        for (int pass = 0; pass < 4; pass++)
        {
            SyncReport report = await rig.PassAsync();
            Assert.Equal((0, 0), (report.WrittenCount, report.MissedCount));
            Assert.True(report.Outcome == SyncOutcome.Incomplete || report.RejectedCount > 0, "The pass saw no garbage.");
        }

        Assert.Equal(before, await rig.FingerprintAsync());
    }

    [Theory]
    [InlineData("missing-page")]
    [InlineData("previous-page")]
    [InlineData("truncated")]
    public async Task A_page_that_is_missing_makes_no_node_vanish(string garbage)
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        string before = await rig.FingerprintAsync();
        rig.Faults.Add(new Fault { Path = "/nodes", Page = 2, Garbage = garbage });

        for (int pass = 0; pass < 4; pass++)
        {
            SyncReport report = await rig.PassAsync();
            Assert.Equal(SyncOutcome.Incomplete, report.Outcome);
            Assert.NotNull(report.Reason);
        }

        Assert.Equal(before, await rig.FingerprintAsync());
    }

    [Fact]
    public async Task Pages_next_to_a_bad_one_are_stored()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        rig.Faults.Add(new Fault { Path = "/nodes", Page = 2, Garbage = "html" });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Incomplete, 40), (report.Outcome, report.ChangedCount));
        Assert.Equal(40, await rig.ReadAsync<int>("SELECT count(*) FROM nodes"));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(99_999)]
    public async Task A_count_that_lies_makes_no_pass_complete(int count)
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        rig.Faults.Add(new Fault { Path = "/nodes", Count = count });
        rig.Faults.Add(new Fault { Node = 574, Vanish = true });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Incomplete, 0), (report.Outcome, report.MissedCount));
    }

    [Fact]
    public async Task A_status_that_cannot_be_believed_is_neither_taken_over_nor_missed()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        rig.Faults.Add(new Fault { Node = 574, NodeStatus = "asleep" });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Complete, 1, 0, 1), (report.Outcome, report.RejectedCount, report.MissedCount, report.WrittenCount));
        Assert.Equal("Up true", await rig.ReadAsync<string>("SELECT concat_ws(' ', status, (doubted_since IS NOT NULL)::text) FROM nodes WHERE id = 574"));
    }

    [Fact]
    public async Task Records_with_impossible_ids_keep_no_pass_from_completing()
    {
        await using SyncRig rig = await SyncRig.StartAsync(nodes: 57);
        rig.Faults.Add(new Fault { Path = "/nodes", Page = 3, Garbage = "impossible-id" }); // Three more records: 0, -1 and 2^40.
        rig.Faults.Add(new Fault { Path = "/nodes", Count = 60 });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Complete, null, 3), (report.Outcome, report.Reason, report.RejectedCount));
        Assert.Equal(57, await rig.ReadAsync<int>("SELECT count(*) FROM nodes"));
    }

    [Fact]
    public async Task The_loss_of_more_than_half_of_a_grid_at_once_is_not_believed()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        for (int node = 1; node <= 40; node++)
            rig.Faults.Add(new Fault { Node = node, Vanish = true });

        SyncReport report = await rig.PassAsync();

        Assert.Equal((SyncOutcome.Incomplete, 0), (report.Outcome, report.MissedCount));
    }

    [Fact]
    public async Task A_grid_that_is_down_leaves_everything_as_it_is_and_says_so()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        string before = await rig.FingerprintAsync();
        rig.Faults.Add(new Fault { Status = 503 });

        SyncReport report = await rig.PassAsync();

        Assert.Equal(SyncOutcome.Incomplete, report.Outcome);
        Assert.Equal(before, await rig.FingerprintAsync());
        SyncState state = await rig.StateAsync();
        Assert.NotNull(state.LastError);
        Assert.InRange(state.Age!.Value, TimeSpan.Zero, TimeSpan.FromMinutes(1));

        rig.Faults.Clear();
        await rig.PassAsync();
        Assert.Null((await rig.StateAsync()).LastError);
    }

    [Fact]
    public async Task Of_two_replicas_that_sync_at_once_one_does()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        GridSync other = rig.SyncOf();
        rig.Faults.Add(new Fault { DelayMs = 100 });

        SyncReport[] reports = await Task.WhenAll(rig.PassAsync(), other.RunAsync(TimeSpan.Zero, CancellationToken.None));

        Assert.Equal([SyncOutcome.Complete, SyncOutcome.NotDue], reports.Select(report => report.Outcome).Order());
        Assert.Equal(60, await rig.ReadAsync<int>("SELECT count(*) FROM events"));
    }

    [Fact]
    public async Task A_pass_soon_after_anothers_is_not_due()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();

        SyncReport report = await rig.SyncOf().RunAsync(TimeSpan.FromMinutes(1), CancellationToken.None);

        Assert.Equal(SyncOutcome.NotDue, report.Outcome);
    }

    [Fact]
    public async Task What_a_newer_pass_has_written_an_older_one_does_not_overwrite()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        await rig.RunAsync("UPDATE nodes SET sync_sequence = 1000000, status = 'Standby', version = version + 1 WHERE id = 574");

        await rig.PassAsync();

        Assert.Equal("Standby", await rig.ReadAsync<string>("SELECT status FROM nodes WHERE id = 574"));
    }

    [Fact]
    public async Task A_stranger_that_keeps_a_node_locked_costs_one_page_of_one_pass()
    {
        await using SyncRig rig = await SyncRig.StartAsync();
        await rig.PassAsync();
        rig.Faults.Add(new Fault { Node = 574, NodeStatus = "down" });
        await using (NpgsqlConnection stranger = await rig.Database.OpenConnectionAsync())
        {
            await using NpgsqlTransaction held = await stranger.BeginTransactionAsync();
            await using (var take = new NpgsqlCommand("SELECT 1 FROM nodes WHERE id = 574 FOR UPDATE", stranger))
                await take.ExecuteNonQueryAsync();
            rig.Faults.Add(new Fault { Node = 5, NodeStatus = "standby" });
            Assert.Equal(SyncOutcome.Incomplete, (await rig.PassAsync()).Outcome);
            Assert.Equal("Standby", await rig.ReadAsync<string>("SELECT status FROM nodes WHERE id = 5"));
        }

        Assert.Equal(SyncOutcome.Complete, (await rig.PassAsync()).Outcome);
        Assert.Equal("Down", await rig.ReadAsync<string>("SELECT status FROM nodes WHERE id = 574"));
    }
}
