using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Slices;
using Mycelium.GridStandIn;
using Mycelium.GridStandIn.Faults;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>What the client believes of a grid, and what it does with the rest.</summary>
public sealed class GridProxyClientTests : IAsyncLifetime
{
    private static readonly GridMoment Now = new(GridIdentity.Main, StandInOptions.DefaultNow, 7);
    private StandInServer grid = null!;

    public async Task InitializeAsync() => grid = await StandInServer.StartAsync(new StandInOptions { Nodes = 120, Farms = 10 });

    public async Task DisposeAsync() => await grid.DisposeAsync();

    [Fact]
    public async Task The_real_node_is_read_in_our_words_and_units()
    {
        using GridProxyClient client = Client();

        GridPage<NodeObservation> page = await client.NodesAsync(1, Now, default);

        Assert.Equal((120, 120, 120), (page.TotalCount, page.RecordCount, page.Items.Count));
        NodeObservation node = page.Items.Single(node => node.Id == new NodeId(574));
        Assert.Equal(new Capacity(56, 202_711_719_936, 2_000_409_772_032, 144_001_663_500_288), node.Total);
        Assert.Equal(new Capacity(35, 95_701_535_130, 1_597_727_834_112, 0), node.Used);
        Assert.Equal(9, SliceCounting.Count(node.Total));
        Assert.Equal(1, SliceCounting.Count(node.Total, node.Used));
        Assert.Equal((NodeStatus.Up, NodeCertification.Diy, false), (node.Status, node.Certification, node.IsDedicated));
        Assert.Equal(new NodePlace("Germany", null, 51, 9), node.Place);
        Assert.Equal((512.346, 498.765), (node.UploadMbps, node.DownloadMbps));
        Assert.Equal("Navi 31 [Radeon RX 7900 XT/7900 XTX]", Assert.Single(node.Gpus).Device);
        Assert.Null(node.SerialNumber);
        Assert.Null(node.RentedByTwinId);
        Assert.Equal((7, StandInOptions.DefaultNow), (node.SyncSequence, node.ObservedAt));
    }

    [Fact]
    public async Task The_real_farm_is_read_with_its_addresses_counted()
    {
        using GridProxyClient client = Client();

        FarmObservation farm = (await client.FarmsAsync(1, Now, default)).Items.Single(farm => farm.Id == new FarmId(1));

        Assert.Equal(new FarmObservation(new FarmId(1), "Freefarm", 2, FarmCertification.Gold, false, 18, 11, null, StandInOptions.DefaultNow, "main"), farm);
    }

    [Fact]
    public async Task On_another_grid_ids_have_its_number()
    {
        using GridProxyClient client = Client();
        var test = new GridIdentity(GridNumber.From(3), "test");

        NodeObservation node = (await client.NodesAsync(1, Now with { Grid = test }, default)).Items.Single(node => node.Id.Number == 574);
        FarmObservation farm = (await client.FarmsAsync(1, Now with { Grid = test }, default)).Items.Single(farm => farm.Id.Number == 1);

        Assert.Equal((NodeId.Of(test.Number, 574), FarmId.Of(test.Number, 1), "test"), (node.Id, node.FarmId, node.Grid));
        Assert.Equal((FarmId.Of(test.Number, 1), "test"), (farm.Id, farm.Grid));
    }

    [Fact]
    public async Task What_all_attempts_take_together_is_bounded()
    {
        grid.Faults.Add(new Fault { DelayMs = 5_000 });
        using GridProxyClient client = Client(options =>
        {
            options.AttemptTimeout = TimeSpan.FromSeconds(1);
            options.RequestTimeout = TimeSpan.FromMilliseconds(50);
        });

        Assert.Equal(GridFailure.TimedOut, (await Assert.ThrowsAsync<GridUnavailableException>(() => client.NodesAsync(1, Now, default))).Failure);
        Assert.Equal(1, grid.Faults.RequestCount);
    }

    [Fact]
    public async Task The_grids_sums_are_read()
    {
        using GridProxyClient client = Client();

        GridStats stats = await client.StatsAsync(default);

        Assert.Equal((120, 10), (stats.Nodes, stats.Farms));
        Assert.Equal(120, stats.NodesDistribution.Values.Sum());
    }

    [Theory]
    [InlineData("html", GridFailure.NotUnderstood)]
    [InlineData("truncated", GridFailure.NotUnderstood)]
    [InlineData("null", GridFailure.NotUnderstood)]
    [InlineData("huge", GridFailure.TooLarge)]
    public async Task A_page_that_cannot_be_believed_is_rejected_whole(string garbage, GridFailure failure)
    {
        grid.Faults.Add(new Fault { Garbage = garbage });
        using GridProxyClient client = Client();

        var thrown = await Assert.ThrowsAsync<GridUnavailableException>(() => client.NodesAsync(1, Now, default));

        Assert.Equal(failure, thrown.Failure);
    }

    [Fact]
    public async Task A_page_of_more_records_than_were_asked_for_is_rejected_whole()
    {
        grid.Faults.Add(new Fault { Garbage = "duplicate" });
        using GridProxyClient client = Client(options => options.PageSize = 120);

        Assert.Equal(GridFailure.NotUnderstood, (await Assert.ThrowsAsync<GridUnavailableException>(() => client.NodesAsync(1, Now, default))).Failure);
    }

    [Fact]
    public async Task Records_whose_ids_cannot_be_read_are_rejected_and_counted()
    {
        grid.Faults.Add(new Fault { Garbage = "wrong-types" });
        using GridProxyClient client = Client();

        GridPage<NodeObservation> page = await client.NodesAsync(1, Now, default);

        Assert.Empty(page.Items);
        Assert.Equal((120, 120, 0), (page.Rejections[GridFlawReason.WrongType], page.UnreadableCount, page.RejectedIds.Count));
    }

    [Theory]
    [InlineData("negative")]
    [InlineData("absurd")]
    public async Task Nodes_whose_capacity_cannot_be_are_in_doubt_and_counted(string garbage)
    {
        grid.Faults.Add(new Fault { Garbage = garbage });
        using GridProxyClient client = Client();

        GridPage<NodeObservation> page = await client.NodesAsync(1, Now, default);

        Assert.Equal((120, 120), (page.Items.Count(node => node.Unread == NodeFacts.Total), page.Rejections[GridFlawReason.ImpossibleCapacity]));
    }

    [Theory]
    [InlineData("long-text", NodeFacts.None, GridFlawReason.TooLong)] // The country stands in the record twice.
    [InlineData("nan", NodeFacts.Upload | NodeFacts.Download, GridFlawReason.WrongType)]
    public async Task A_description_that_cannot_be_is_left_out(string garbage, NodeFacts unread, GridFlawReason reason)
    {
        grid.Faults.Add(new Fault { Garbage = garbage });
        using GridProxyClient client = Client();

        GridPage<NodeObservation> page = await client.NodesAsync(1, Now, default);

        Assert.Empty(page.Rejections);
        Assert.All(page.Items, node => Assert.Equal(unread, node.Unread));
        Assert.Equal(120, page.Flaws.Where(flaw => flaw.Reason == reason).Select(flaw => flaw.Id).Distinct().Count());
    }

    [Fact]
    public async Task One_bad_state_puts_only_its_node_in_doubt()
    {
        grid.Faults.Add(new Fault { Node = 83, NodeStatus = "asleep" });
        using GridProxyClient client = Client();

        GridPage<NodeObservation> page = await client.NodesAsync(1, Now, default);

        Assert.Equal(83, Assert.Single(page.Items, node => node.IsDoubtful).Id.Number);
        Assert.Equal(1, Assert.Single(page.Rejections).Value);
        Assert.Equal(new FlawSeen(GridFlawSubject.Node, 83, "status", GridFlawReason.UnknownWord, "\"asleep\""), Assert.Single(page.Flaws));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"a node\"")]
    [InlineData("[]")]
    [InlineData("{ nodeId: 83 }")]
    [InlineData("{}")]
    [InlineData("nothing at all")]
    [InlineData("{ \"nodeId\": \"83\" }")]
    public async Task A_record_that_cannot_be_read_costs_itself(string raw)
    {
        grid.Faults.Add(new Fault { Node = 83, Raw = raw });
        using GridProxyClient client = Client();

        GridPage<NodeObservation> page = await client.NodesAsync(1, Now, default);

        Assert.Equal((119, 1, 0), (page.Items.Count, page.UnreadableCount, page.RepeatedCount));
        Assert.Equal(0, Assert.Single(page.Flaws).Id);
    }

    [Fact]
    public async Task Two_records_of_one_node_that_contradict_each_other_put_it_in_doubt()
    {
        grid.Faults.Add(new Fault { Node = 83, Repeat = true, Set = new Dictionary<string, string> { ["status"] = "\"standby\"" } });
        using GridProxyClient client = Client();

        GridPage<NodeObservation> page = await client.NodesAsync(1, Now, default);

        Assert.Equal((120, 1, NodeFacts.Status), (page.Items.Count, page.RepeatedCount, page.Items.Single(node => node.Id == new NodeId(83)).Unread));
    }

    [Fact]
    public async Task A_record_that_is_repeated_is_taken_once()
    {
        grid.Faults.Add(new Fault { Garbage = "duplicate" });
        using GridProxyClient client = Client();

        GridPage<NodeObservation> page = await client.NodesAsync(1, Now, default);

        Assert.Equal((120, 1), (page.Items.Count, page.Rejections[GridFlawReason.Duplicate]));
    }

    [Theory]
    [InlineData(500)]
    [InlineData(503)]
    [InlineData(429)]
    public async Task A_passing_failure_is_tried_again(int status)
    {
        grid.Faults.Add(new Fault { Status = status, Requests = 2 });
        using GridProxyClient client = Client();

        Assert.Equal(120, (await client.NodesAsync(1, Now, default)).Items.Count);
        Assert.Equal(3, grid.Faults.RequestCount);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(302)]
    public async Task A_lasting_refusal_is_not_tried_again_and_a_redirect_not_followed(int status)
    {
        grid.Faults.Add(new Fault { Status = status });
        using GridProxyClient client = Client();

        Assert.Equal(GridFailure.Refused, (await Assert.ThrowsAsync<GridUnavailableException>(() => client.NodesAsync(1, Now, default))).Failure);
        Assert.Equal(1, grid.Faults.RequestCount);
    }

    [Fact]
    public async Task A_slow_answer_is_given_up_and_a_grid_that_keeps_failing_is_left_alone()
    {
        grid.Faults.Add(new Fault { DelayMs = 5_000 });
        using GridProxyClient client = Client(options =>
        {
            options.AttemptTimeout = TimeSpan.FromMilliseconds(50);
            options.RetryCountMax = 1;
            options.BreakerRequestsMin = 4;
        });

        var failures = new List<GridFailure>();
        for (int call = 0; call < 4; call++)
            failures.Add((await Assert.ThrowsAsync<GridUnavailableException>(() => client.NodesAsync(1, Now, default))).Failure);

        Assert.Equal(GridFailure.TimedOut, failures[0]);
        Assert.Equal(GridFailure.LeftAlone, failures[^1]);
        Assert.Equal(4, grid.Faults.RequestCount);
    }

    [Fact]
    public async Task A_grid_that_nobody_runs_is_unreachable()
    {
        using GridProxyClient client = Client(address: new Uri($"http://127.0.0.1:{Testing.FreePort.Next()}"));

        Assert.Equal(GridFailure.Unreachable, (await Assert.ThrowsAsync<GridUnavailableException>(() => client.StatsAsync(default))).Failure);
    }

    private GridProxyClient Client(Action<GridOptions>? change = null, Uri? address = null)
    {
        var options = new GridOptions { RetryDelay = TimeSpan.FromMilliseconds(1) };
        change?.Invoke(options);
        return new GridProxyClient(new GridAddress("main", address ?? grid.BaseAddress), options, TimeProvider.System);
    }
}
