using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.GridStandIn;
using Mycelium.GridStandIn.Faults;

namespace Mycelium.Infrastructure.Tests.Grid;

/// <summary>The stand-in speaks GridProxy's protocol: what the sync's tests rest on.</summary>
public sealed class GridStandInTests : IAsyncLifetime
{
    private StandInServer grid = null!;
    private HttpClient http = null!;

    public async Task InitializeAsync()
    {
        grid = await StandInServer.StartAsync(new StandInOptions { Nodes = 700, Farms = 20 });
        http = new HttpClient { BaseAddress = grid.BaseAddress };
    }

    public async Task DisposeAsync()
    {
        http.Dispose();
        await grid.DisposeAsync();
    }

    [Fact]
    public async Task The_real_node_is_listed_with_its_published_figures_and_the_grids_own_price()
    {
        JsonElement node = await http.GetFromJsonAsync<JsonElement>("/nodes/574");

        JsonElement capacity = node.GetProperty("capacity");
        Assert.Equal(202_711_719_936, capacity.GetProperty("total_resources").GetProperty("mru").GetInt64());
        Assert.Equal(1_597_727_834_112, capacity.GetProperty("used_resources").GetProperty("sru").GetInt64());
        Assert.Equal(775.692m, node.GetProperty("price_usd").GetDecimal());
        Assert.Equal("up", node.GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_overbooked_node_stays_overbooked()
    {
        JsonElement node = await http.GetFromJsonAsync<JsonElement>("/nodes/1");

        JsonElement capacity = node.GetProperty("capacity");
        Assert.True(capacity.GetProperty("used_resources").GetProperty("cru").GetInt64() > capacity.GetProperty("total_resources").GetProperty("cru")
            .GetInt64());
    }

    [Fact]
    public async Task Pages_hold_every_node_once_and_the_count_header_agrees()
    {
        var seen = new List<int>();
        for (int page = 1; page <= 7; page++)
        {
            using HttpResponseMessage response = await http.GetAsync($"/nodes?size=100&page={page}&ret_count=true");
            Assert.Equal("700", Assert.Single(response.Headers.GetValues("count")));
            Assert.Equal("7", Assert.Single(response.Headers.GetValues("pages")));
            seen.AddRange((await response.Content.ReadFromJsonAsync<JsonElement[]>())!.Select(node => node.GetProperty("nodeId").GetInt32()));
        }

        Assert.Equal(700, seen.Distinct().Count());
        Assert.Equal(seen.Order(), seen);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_bytes_and_another_seed_others()
    {
        await using StandInServer twin = await StandInServer.StartAsync(new StandInOptions { Nodes = 700, Farms = 20 });
        await using StandInServer stranger = await StandInServer.StartAsync(new StandInOptions { Nodes = 700, Farms = 20, Seed = 2 });

        byte[] ours = await http.GetByteArrayAsync("/nodes?size=700");

        Assert.Equal(ours, await http.GetByteArrayAsync(new Uri(twin.BaseAddress, "/nodes?size=700")));
        Assert.NotEqual(ours, await http.GetByteArrayAsync(new Uri(stranger.BaseAddress, "/nodes?size=700")));
    }

    [Theory]
    [InlineData("status=up", "status", "up")]
    [InlineData("country=belgium", "country", "Belgium")]
    [InlineData("farm_ids=1", "farmName", "Freefarm")]
    [InlineData("certification_type=Certified", "certificationType", "Certified")]
    public async Task A_filter_keeps_exactly_the_nodes_that_fit(string filter, string property, string value)
    {
        int[] kept = [.. (await NodesAsync("size=700&" + filter)).Select(node => node.GetProperty("nodeId").GetInt32())];
        int[] expected = [.. (await NodesAsync("size=700")).Where(node => node.GetProperty(property).GetString() == value)
            .Select(node => node.GetProperty("nodeId").GetInt32())];

        Assert.NotEmpty(expected);
        Assert.Equal(expected, kept);
    }

    [Theory]
    [InlineData("/nodes?colour=red", HttpStatusCode.BadRequest)]
    [InlineData("/nodes?status=asleep", HttpStatusCode.BadRequest)]
    [InlineData("/nodes?size=0", HttpStatusCode.BadRequest)]
    [InlineData("/nodes?sort_by=beauty", HttpStatusCode.BadRequest)]
    [InlineData("/nodes/seven", HttpStatusCode.BadRequest)]
    [InlineData("/nodes/999999", HttpStatusCode.NotFound)]
    [InlineData("/farms?name_of=x", HttpStatusCode.BadRequest)]
    [InlineData("/gateways/1", HttpStatusCode.NotFound)]
    public async Task What_GridProxy_refuses_is_refused_with_an_error_text(string path, HttpStatusCode status)
    {
        using HttpResponseMessage response = await http.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
        Assert.NotEmpty((await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error").GetString()!);
    }

    [Fact]
    public async Task A_fault_over_http_lasts_as_many_requests_as_it_says()
    {
        (await http.PostAsJsonAsync("/_faults", new { status = 503, path = "/nodes", requests = 2 })).EnsureSuccessStatusCode();

        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/farms")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/nodes")).StatusCode);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync("/nodes/1")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/nodes")).StatusCode);
    }

    [Fact]
    public async Task Faults_about_a_node_change_it_in_every_answer_until_cleared()
    {
        grid.Faults.Add(new Fault { Node = 574, Slices = 3, NodeStatus = "down" });
        grid.Faults.Add(new Fault { Node = 83, Vanish = true });

        JsonElement listed = Assert.Single(await NodesAsync("node_ids=574,83"));
        Assert.Equal(38, listed.GetProperty("total_resources").GetProperty("cru").GetInt32());
        Assert.Equal("down", (await http.GetFromJsonAsync<JsonElement>("/nodes/574/status")).GetProperty("status").GetString());
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/nodes/83")).StatusCode);

        await http.DeleteAsync("/_faults");
        Assert.Equal(2, (await NodesAsync("node_ids=574,83")).Length);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"garbage":"poetry"}""")]
    [InlineData("""{"vanish":true}""")]
    public async Task A_fault_that_says_nothing_sensible_is_refused(string fault)
    {
        using var body = new StringContent(fault, System.Text.Encoding.UTF8, "application/json");

        Assert.Equal(HttpStatusCode.BadRequest, (await http.PostAsync("/_faults", body)).StatusCode);
        Assert.Empty(grid.Faults.Active());
    }

    private async Task<JsonElement[]> NodesAsync(string query) => (await http.GetFromJsonAsync<JsonElement[]>("/nodes?" + query))!;
}
