using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Events;

/// <summary>Subscriptions over HTTP as server-sent events: what a page's <c>EventSource</c> sends and hears.</summary>
[Collection(ApiCollection.Name)]
public sealed class EventStreamTests(ApiHost host)
{
    [Fact]
    public async Task A_browser_that_comes_back_goes_on_after_the_last_event_it_heard()
    {
        long gridId = await host.PublishAsync(slices: 4);
        string query = $"subscription {{ onGridNodeChanged(where: {{ gridId: {{ eq: {gridId} }} }}) {{ __typename ... on StreamEvent {{ cursor }} ... on ChangeEvent {{ reason }} }} }}";
        (string Id, JsonElement Message) snapshot;
        using (EventSource first = await EventSource.OpenAsync(host.Anyone, query))
            snapshot = await first.NextAsync();
        await host.Farmer.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(gridId), pricePerSliceHour = 0.25m });

        using EventSource second = await EventSource.OpenAsync(host.Anyone, query, snapshot.Id);
        (string id, JsonElement message) = await second.NextAsync();

        Assert.Equal("GridNodesSnapshot", Told(snapshot.Message, "__typename"));
        Assert.Equal(Told(snapshot.Message, "cursor"), snapshot.Id);
        Assert.Equal("NODE_REPRICED", Told(message, "reason"));
        Assert.Equal(Told(message, "cursor"), id);

        static string? Told(JsonElement data, string name) => data.GetProperty("onGridNodeChanged").GetProperty(name).GetString();
    }

    [Fact]
    public async Task A_renter_reads_their_rentals_with_a_token_and_nobody_does_without()
    {
        const string Query = "subscription { onRentalChanged { __typename } }";

        using EventSource mine = await EventSource.OpenAsync(await host.RenterAsync(dollars: 0), Query);
        using EventSource nobodys = await EventSource.OpenAsync(host.Anyone, Query);

        Assert.Equal("RentalsSnapshot", (await mine.NextAsync()).Message.GetProperty("onRentalChanged").GetProperty("__typename").GetString());
        Assert.Equal("UNAUTHENTICATED", await nobodys.ErrorCodeAsync());
    }

    [Fact]
    public async Task A_cursor_that_we_did_not_issue_is_refused()
    {
        using EventSource page = await EventSource.OpenAsync(
            host.Anyone, "subscription { onGridNodeChanged { ... on StreamEvent { cursor } } }", lastEventId: "none-of-ours");

        Assert.Equal("INVALID_CURSOR", await page.ErrorCodeAsync());
    }
}
