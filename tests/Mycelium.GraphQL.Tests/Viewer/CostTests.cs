using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Viewer;

[Collection(ApiCollection.Name)]
public sealed class CostTests(ApiHost host)
{
    private const string CostlyForAnyone =
        """
        { sliceCombinations(first: 100) { nodes {
          gridNode { sliceCombinations { gridNode { sliceCombinations { gridNode { sliceCombinations { id } } } } } } } } }
        """;

    [Theory]
    [InlineData("""
        { sliceCombinations(first: 50, where: { multiplier: { gte: 2 }, gridNode: { region: { eq: EUROPE } } }, order: [{ pricePerHour: ASC }]) {
          nodes { id pricePerHour gridNode { id country uptimePercent farm { name } } farm { id name } } } }
        """)]
    [InlineData("{ gridNode(gridId: 1) { id country sliceCombinations { id multiplier pricePerHour } farm { name } } }")]
    [InlineData("{ gridNodes(first: 100) { totalCount nodes { id farm { name } gpus { id } sliceCombinations { id pricePerHour } } } }")]
    public async Task Typical_frontend_queries_are_within_the_anonymous_cost_limit(string query)
    {
        JsonElement answer = await host.Anyone.SendAsync(query);

        Assert.True(answer.TryGetProperty("data", out _), answer.GetRawText());
        JsonElement cost = answer.GetProperty("extensions").GetProperty("operationCost");
        Assert.InRange(cost.GetProperty("fieldCost").GetDouble(), 1, Limits.AnonymousCost.MaxFieldCost);
        Assert.InRange(cost.GetProperty("typeCost").GetDouble(), 1, Limits.AnonymousCost.MaxTypeCost);
    }

    [Fact]
    public async Task Deeply_nested_lists_are_refused_with_their_cost()
    {
        JsonElement answer = await host.Anyone.SendAsync(CostlyForAnyone);

        Assert.False(answer.TryGetProperty("data", out _), answer.GetRawText());
        JsonElement error = answer.GetProperty("errors").EnumerateArray().Last().GetProperty("extensions");
        Assert.Equal("LIMIT_EXCEEDED", error.GetProperty("code").GetString());
        Assert.Equal(Limits.AnonymousCost.MaxTypeCost, error.GetProperty("maxTypeCost").GetDouble());
        Assert.True(error.GetProperty("typeCost").GetDouble() > Limits.AnonymousCost.MaxTypeCost);
    }

    [Fact]
    public async Task The_cost_header_returns_the_cost_without_executing_the_operation()
    {
        using var http = new HttpClient { BaseAddress = host.Anyone.Address };
        http.DefaultRequestHeaders.Add("GraphQL-Cost", "validate");

        using HttpResponseMessage response = await http.PostAsJsonAsync("/graphql", new { query = "{ gridNode(gridId: 1) { sliceCombinations { id } } }" });

        Assert.Equal("""{"extensions":{"operationCost":{"fieldCost":11,"typeCost":8}}}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Responses_do_not_report_their_cost_when_that_is_switched_off()
    {
        await using Replica quiet = host.StartReplica(("Cost:Report", "false"));

        JsonElement answer = await host.Client(address: quiet.Address).SendAsync("{ __typename }");

        Assert.False(answer.TryGetProperty("extensions", out _));
    }

    [Fact]
    public void Each_role_has_a_higher_limit_than_the_previous_one()
    {
        ClaimsPrincipal[] viewers =
            [new(new ClaimsIdentity()), SignedIn(Roles.Renter), SignedIn(Roles.Renter, Roles.Partner), SignedIn(Roles.Partner, Roles.Operator)];

        double[] limits = [.. viewers.Select(viewer => ViewerCosts.Of(viewer).MaxTypeCost)];

        Assert.Equal(limits.Order().Distinct(), limits);
    }

    private static ClaimsPrincipal SignedIn(params string[] roles) => new(new ClaimsIdentity(roles.Select(role => new Claim(ClaimTypes.Role, role)), "test"));
}
