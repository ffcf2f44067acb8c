using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Events;

/// <summary>The code of docs/subscriptions.md in real clients, whose connection is lost for a while.</summary>
[Collection(ApiCollection.Name)]
public sealed class ReconnectingClientTests(ApiHost host)
{
    [Theory]
    [InlineData("graphql-ws")]
    [InlineData("apollo")]
    [InlineData("urql")]
    public async Task A_row_that_went_away_while_the_connection_was_lost_is_gone_and_no_snapshot_is_sent_again(string client)
    {
        string[] told = await TellAsync(client);

        Assert.Equal(
            [
                """{"type":"SliceCombinationsSnapshot","rows":[2,4]}""",
                """{"type":"SliceCombinationChanged","reason":"SLICES_RENTED","rows":[2,3]}""",
                """{"type":"SliceCombinationLeft","reason":"SLICES_RENTED","rows":[3]}""",
                """{"type":"SliceCombinationChanged","reason":"NODE_REPRICED","rows":[3]}""",
            ],
            told);
    }

    /// <summary>graphql-ws as it is sends its first variables again. Then nothing says that there was a break but the snapshot itself.</summary>
    [Fact]
    public async Task A_client_that_sends_no_cursor_gets_a_second_snapshot_and_forgets_what_is_gone()
    {
        string[] told = await TellAsync("forgetful");

        Assert.Equal(
            [
                """{"type":"SliceCombinationsSnapshot","rows":[2,4]}""",
                """{"type":"SliceCombinationsSnapshot","rows":[3]}""",
                """{"type":"SliceCombinationChanged","reason":"NODE_REPRICED","rows":[3]}""",
            ],
            told);
    }

    /// <summary>A node of four slices is offered once and twice; while the line is cut one is rented, so that fewer than two are left of the twofold ones.</summary>
    private async Task<string[]> TellAsync(string client)
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
