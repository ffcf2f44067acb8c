using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Events;

/// <summary>Runs the code of docs/subscriptions.md in real clients that lose their connection for a while.</summary>
[Collection(ApiCollection.Name)]
public sealed class ReconnectingClientTests(ApiHost host)
{
    [Theory]
    [InlineData("graphql-ws")]
    [InlineData("apollo")]
    [InlineData("urql")]
    public async Task A_row_removed_during_a_disconnection_is_gone_without_a_second_snapshot(string client)
    {
        string[] messages = await FollowAsync(client);

        Assert.Equal(
            [
                """{"type":"SliceCombinationsSnapshot","rows":[2,4]}""",
                """{"type":"SliceCombinationChanged","reason":"SLICES_RENTED","rows":[2,3]}""",
                """{"type":"SliceCombinationLeft","reason":"SLICES_RENTED","rows":[3]}""",
                """{"type":"SliceCombinationChanged","reason":"NODE_REPRICED","rows":[3]}""",
            ],
            messages);
    }

    /// <summary>An unmodified graphql-ws sends its first variables again. Then only the snapshot itself reveals the disconnection.</summary>
    [Fact]
    public async Task A_client_that_sends_no_cursor_gets_a_second_snapshot_and_drops_removed_rows()
    {
        string[] messages = await FollowAsync("forgetful");

        Assert.Equal(
            [
                """{"type":"SliceCombinationsSnapshot","rows":[2,4]}""",
                """{"type":"SliceCombinationsSnapshot","rows":[3]}""",
                """{"type":"SliceCombinationChanged","reason":"NODE_REPRICED","rows":[3]}""",
            ],
            messages);
    }

    /// <summary>
    /// A node of four slices is offered with multipliers 1 and 2. One slice is rented while the line is cut, so that fewer than
    /// two combinations of multiplier 2 are left.
    /// </summary>
    private async Task<string[]> FollowAsync(string client)
    {
        long gridId = await host.PublishAsync(slices: 4);
        Api renter = await host.RenterAsync();
        await using CuttableLine line = CuttableLine.To(host.Replica.Address);
        string where = JsonSerializer.Serialize(new { gridNode = new { gridId = new { eq = gridId } }, quantityAvailable = new { gte = 2 } });
        using ChildProcess node = await NodeScripts.Clients.StartAsync(
            "following.js", client, new UriBuilder(line.Address) { Scheme = "ws", Path = "/graphql" }.Uri.ToString(), where);
        await node.WaitForLineAsync(text => text.Contains("Snapshot", StringComparison.Ordinal));

        line.Cut();
        await node.WaitForLineAsync(text => text.Contains("lost", StringComparison.Ordinal));
        await renter.RentAsync(host.Input(gridId));
        line.Join();
        await node.WaitForLineAsync(text => text.EndsWith("[3]}", StringComparison.Ordinal));
        await host.Farmer.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(gridId), pricePerSliceHour = 0.5m });
        await node.WaitForLineAsync(text => text.Contains("NODE_REPRICED", StringComparison.Ordinal));

        return [.. node.Output.Split('\n').Where(text => text.Contains("\"type\"", StringComparison.Ordinal))];
    }
}
