using System.Globalization;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>A filter compares exactly, whatever the operand's precision, in our own SQL, in Entity Framework and in memory.</summary>
[Collection(ApiCollection.Name)]
public sealed class ExactComparisonTests(ApiHost host)
{
    [Theory]
    [InlineData("pricePerSliceHour: { eq: \"1e-29\" }", false)]
    [InlineData("pricePerSliceHour: { neq: \"1e-29\" }", true)]
    [InlineData("pricePerSliceHour: { gt: -1 }", true)]
    [InlineData("pricePerSliceHour: { lte: -1 }", false)]
    [InlineData("pricePerSliceHour: { lt: 0.013888888888888888 }", false)]
    [InlineData("pricePerSliceHour: { gt: 0.013888888888888888 }", true)]
    [InlineData("pricePerSliceHour: { gt: 0.014999999999999999999999999999999999999999 }", true)]
    [InlineData("pricePerSliceHour: { gte: \"0.01500000000000000000000000000000000000000000001\" }", false)]
    [InlineData("pricePerSliceHour: { eq: \"15e-3\" }", true)]
    [InlineData("pricePerSliceHour: { in: [0.015, \"1e99\", -1] }", true)]
    [InlineData("pricePerSliceHour: { nin: [\"1e99\", -1] }", true)]
    [InlineData("pricePerSliceHour: { lt: 1e400 }", true)]
    [InlineData("totalCores: { lt: 3000000000 }", true)]
    [InlineData("totalCores: { eq: 4294967296 }", false)]
    [InlineData("totalMemoryBytes: { lt: 99999999999999999999999999 }", true)]
    [InlineData("totalMemoryBytes: { ngt: 99999999999999999999999999 }", true)]
    [InlineData("latitude: { lt: 1e400 }", true)]
    [InlineData("latitude: { nlt: -1e400 }", true)]
    [InlineData("lastReportAt: { gt: \"0000-01-01T00:00:00Z\" }", true)]
    [InlineData("lastReportAt: { gt: \"9999-12-31T23:59:59.999999999-23:59\" }", false)]
    public async Task A_filter_is_exact_whatever_the_operand(string filter, bool passes)
    {
        long gridId = await host.RegisterAsync(pricePerSlice: 0.015m);
        using Api entityFramework = new(host.EntityFramework.Address);
        string where = $"{{ gridId: {{ eq: {gridId} }}, {filter} }}";

        JsonElement[] found = [await CountAsync(host.Anyone, where), await CountAsync(entityFramework, where)];
        using EventSource stream = await EventSource.OpenAsync(
            host.Anyone, $"subscription {{ onGridNodeChanged(where: {where}) {{ __typename ... on GridNodesSnapshot {{ gridNodes {{ gridId }} }} }} }}");
        JsonElement snapshot = (await stream.NextAsync()).Message.GetProperty("onGridNodeChanged");
        await host.Farmer.MutateAsync("publishNode", new { nodeId = ApiHost.Node(gridId) });

        Assert.All(found, count => Assert.Equal(passes ? 1 : 0, count.GetInt32()));
        Assert.Equal(passes ? 1 : 0, snapshot.GetProperty("gridNodes").GetArrayLength());
        if (passes)
            Assert.Equal("GridNodeChanged", (await stream.NextAsync()).Message.GetProperty("onGridNodeChanged").GetProperty("__typename").GetString());
    }

    [Theory]
    [InlineData("0000001")]
    [InlineData("000000001")]
    public async Task An_instant_just_after_a_stored_one_is_greater(string digits)
    {
        long gridId = await host.DiscoverAsync();
        using Api entityFramework = new(host.EntityFramework.Address);
        string stored = (await host.Anyone.DataAsync($"{{ gridNode(gridId: {gridId}) {{ lastReportAt }} }}"))
            .GetProperty("gridNode").GetProperty("lastReportAt").GetString()!;
        string later = $"{stored.TrimEnd('Z')}.{digits}z";

        foreach (Api api in (Api[])[host.Anyone, entityFramework])
        {
            Assert.Equal(1, (await CountAsync(api, $"{{ gridId: {{ eq: {gridId} }}, lastReportAt: {{ lt: \"{later}\" }} }}")).GetInt32());
            Assert.Equal(0, (await CountAsync(api, $"{{ gridId: {{ eq: {gridId} }}, lastReportAt: {{ gte: \"{later}\" }} }}")).GetInt32());
            Assert.Equal(0, (await CountAsync(api, $"{{ gridId: {{ eq: {gridId} }}, lastReportAt: {{ in: [\"{later}\"] }} }}")).GetInt32());
        }
    }

    [Theory]
    [InlineData("multiplier: { lt: 2147483647 }", 1)]
    [InlineData("sliceTotal: { ngte: 0 }", 0)]
    [InlineData("paid: { gt: \"-1e50\" }", 1)]
    [InlineData("refunded: { eq: \"1e-29\" }", 0)]
    public async Task Units_can_be_compared_with_values_outside_their_range(string filter, int count)
    {
        Api renter = await host.RenterAsync();
        await renter.RentAsync(host.Input(await host.PublishAsync()));

        JsonElement rentals = (await renter.DataAsync($"{{ rentals(where: {{ {filter} }}) {{ totalCount }} }}")).GetProperty("rentals");

        Assert.Equal(count, rentals.GetProperty("totalCount").GetInt32());
    }

    [Theory]
    [InlineData(-1)]
    [InlineData("0.0000001")]
    [InlineData("1e-29")]
    [InlineData("1e30")]
    public async Task An_impossible_input_is_refused_without_internal_type_names(object pricePerSliceHour)
    {
        long gridId = await host.RegisterAsync();

        JsonElement answer = await host.Farmer.SendAsync(
            "mutation($input: SetNodePricingInput!) { setNodePricing(input: $input) { __typename } }",
            new { input = new { nodeId = ApiHost.Node(gridId), pricePerSliceHour } });

        Assert.Equal("BAD_USER_INPUT", answer.GetProperty("errors")[0].GetProperty("extensions").GetProperty("code").GetString());
        JsonElement error = Assert.Single(answer.GetProperty("errors").EnumerateArray());
        Assert.Contains("pricePerSliceHour", error.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("MicroUsd", answer.GetRawText(), StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<JsonElement> CountAsync(Api api, string where) =>
        (await api.DataAsync(string.Create(CultureInfo.InvariantCulture, $"{{ gridNodes(where: {where}) {{ totalCount }} }}")))
            .GetProperty("gridNodes").GetProperty("totalCount");
}
