using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Nodes;

/// <summary>Why a node sells nothing, and that a node without a farmer has no price.</summary>
[Collection(ApiCollection.Name)]
public sealed class UnavailabilityTests(ApiHost host)
{
    [Fact]
    public async Task Nodes_are_filtered_by_why_they_sell_nothing()
    {
        long selling = await host.PublishAsync(), registered = await host.RegisterAsync(), discovered = await host.DiscoverAsync();

        Assert.Equal([registered], await FindAsync("unavailability: { eq: NOT_PUBLISHED }", selling, registered, discovered));
        Assert.Equal([discovered], await FindAsync("unavailability: { in: [NOT_REGISTERED, DOWN] }", selling, registered, discovered));
        Assert.Equal([selling], await FindAsync("unavailability: { eq: null }", selling, registered, discovered));
        Assert.Equal([selling, registered], await FindAsync("isRegistered: { eq: true }", selling, registered, discovered));
        Assert.Equal([discovered], await FindAsync("pricePerSliceHour: { eq: null }", selling, registered, discovered));
        Assert.Empty(await FindAsync("pricePerSliceHour: { lt: \"0.001\" }", selling, registered, discovered));
    }

    [Fact]
    public async Task A_node_without_a_price_is_not_the_cheapest()
    {
        long discovered = await host.DiscoverAsync();
        long expensive = await host.PublishAsync(pricePerSlice: 0.9m), cheap = await host.PublishAsync(pricePerSlice: 0.8m);

        Assert.Equal([cheap, expensive, discovered], await FindAsync("", discovered, expensive, cheap));
    }

    private async Task<IEnumerable<long>> FindAsync(string where, params long[] among)
    {
        string query =
            $$"""
            query($ids: [Long!]!) {
              gridNodes(where: { grid: { eq: "main" }, gridId: { in: $ids }, {{where}} }, order: [{ pricePerSliceHour: ASC }, { gridId: ASC }]) {
                nodes { gridId }
              }
            }
            """;
        JsonElement found = await host.Anyone.DataAsync(query, new { ids = among });
        return found.GetProperty("gridNodes").GetProperty("nodes").EnumerateArray().Select(node => node.GetProperty("gridId").GetInt64());
    }
}
