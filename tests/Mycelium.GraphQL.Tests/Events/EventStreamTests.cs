using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Events;

/// <summary>Subscriptions over HTTP as server-sent events, as the <c>EventSource</c> of a page uses them.</summary>
[Collection(ApiCollection.Name)]
public sealed class EventStreamTests(ApiHost host)
{
    [Fact]
    public async Task A_reconnecting_browser_resumes_after_its_last_event()
    {
        long gridId = await host.PublishAsync(slices: 4);
        await host.NumberedAsync(); // What has no number yet would come after the snapshot's cursor.
        string query =
            $$"""
            subscription {
              onGridNodeChanged(where: { gridId: { eq: {{gridId}} } }) { __typename ... on StreamEvent { cursor } ... on ChangeEvent { reason } }
            }
            """;
        (string Id, JsonElement Message) snapshot;
        using (EventSource first = await EventSource.OpenAsync(host.Anyone, query))
            snapshot = await first.NextAsync();
        await host.Farmer.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(gridId), pricePerSliceHour = 0.25m });

        using EventSource second = await EventSource.OpenAsync(host.Anyone, query, snapshot.Id);
        (string id, JsonElement message) = await second.NextAsync();

        Assert.Equal("GridNodesSnapshot", Text(snapshot.Message, "__typename"));
        Assert.Equal(Text(snapshot.Message, "cursor"), snapshot.Id);
        Assert.Equal("NODE_REPRICED", Text(message, "reason"));
        Assert.Equal(Text(message, "cursor"), id);

        static string? Text(JsonElement data, string name) => data.GetProperty("onGridNodeChanged").GetProperty(name).GetString();
    }

    [Fact]
    public async Task Rentals_are_streamed_to_their_renter_and_refused_without_a_token()
    {
        const string Query = "subscription { onRentalChanged { __typename } }";

        using EventSource own = await EventSource.OpenAsync(await host.RenterAsync(dollars: 0), Query);
        using EventSource anonymous = await EventSource.OpenAsync(host.Anyone, Query);

        Assert.Equal("RentalsSnapshot", (await own.NextAsync()).Message.GetProperty("onRentalChanged").GetProperty("__typename").GetString());
        Assert.Equal("UNAUTHENTICATED", await anonymous.ErrorCodeAsync());
    }

    [Fact]
    public async Task A_cursor_that_we_did_not_issue_is_refused()
    {
        using EventSource page = await EventSource.OpenAsync(
            host.Anyone, "subscription { onGridNodeChanged { ... on StreamEvent { cursor } } }", lastEventId: "none-of-ours");

        Assert.Equal("INVALID_CURSOR", await page.ErrorCodeAsync());
    }
}
