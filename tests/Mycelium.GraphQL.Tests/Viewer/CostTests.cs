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
        "{ sliceCombinations(first: 100) { nodes { gridNode { sliceCombinations { gridNode { sliceCombinations { gridNode { sliceCombinations { id } } } } } } } } }";

    [Theory]
    [InlineData("{ sliceCombinations(first: 50, where: { multiplier: { gte: 2 }, gridNode: { region: { eq: EUROPE } } }, order: [{ pricePerHour: ASC }]) { nodes { id pricePerHour gridNode { id country uptimePercent farm { name } } farm { id name } } } }")]
    [InlineData("{ gridNode(gridId: 1) { id country sliceCombinations { id multiplier pricePerHour } farm { name } } }")]
    [InlineData("{ gridNodes(first: 100) { totalCount nodes { id farm { name } gpus { id } sliceCombinations { id pricePerHour } } } }")]
    public async Task What_a_frontend_shows_at_once_is_open_to_anyone(string query)
    {
        JsonElement answer = await host.Anyone.SendAsync(query);

        Assert.True(answer.TryGetProperty("data", out _), answer.GetRawText());
        JsonElement cost = answer.GetProperty("extensions").GetProperty("operationCost");
        Assert.InRange(cost.GetProperty("fieldCost").GetDouble(), 1, Limits.AnonymousCost.MaxFieldCost);
        Assert.InRange(cost.GetProperty("typeCost").GetDouble(), 1, Limits.AnonymousCost.MaxTypeCost);
    }

    [Fact]
    public async Task Lists_in_lists_in_lists_are_refused_with_their_cost()
    {
        JsonElement answer = await host.Anyone.SendAsync(CostlyForAnyone);

        Assert.False(answer.TryGetProperty("data", out _), answer.GetRawText());
        JsonElement error = answer.GetProperty("errors").EnumerateArray().Last().GetProperty("extensions");
        Assert.Equal("LIMIT_EXCEEDED", error.GetProperty("code").GetString());
        Assert.Equal(Limits.AnonymousCost.MaxTypeCost, error.GetProperty("maxTypeCost").GetDouble());
        Assert.True(error.GetProperty("typeCost").GetDouble() > Limits.AnonymousCost.MaxTypeCost);
    }

    [Fact]
    public async Task The_header_asks_for_the_cost_alone()
    {
        using var http = new HttpClient { BaseAddress = host.Anyone.Address };
        http.DefaultRequestHeaders.Add("GraphQL-Cost", "validate");

        using HttpResponseMessage response = await http.PostAsJsonAsync("/graphql", new { query = "{ gridNode(gridId: 1) { sliceCombinations { id } } }" });

        Assert.Equal("""{"extensions":{"operationCost":{"fieldCost":11,"typeCost":8}}}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Answers_do_not_tell_their_cost_where_it_is_switched_off()
    {
        await using Replica quiet = host.StartReplica(("Cost:Report", "false"));

        JsonElement answer = await host.Client(address: quiet.Address).SendAsync("{ __typename }");

        Assert.False(answer.TryGetProperty("extensions", out _));
    }

    [Fact]
    public void Each_role_may_ask_for_more_than_the_one_before()
    {
        ClaimsPrincipal[] viewers = [new(new ClaimsIdentity()), SignedIn(Roles.Renter), SignedIn(Roles.Renter, Roles.Partner), SignedIn(Roles.Partner, Roles.Operator)];

        double[] limits = [.. viewers.Select(viewer => ViewerCosts.Of(viewer).MaxTypeCost)];

        Assert.Equal(limits.Order().Distinct(), limits);
    }

    private static ClaimsPrincipal SignedIn(params string[] roles) => new(new ClaimsIdentity(roles.Select(role => new Claim(ClaimTypes.Role, role)), "test"));
}
