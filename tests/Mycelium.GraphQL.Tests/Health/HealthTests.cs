using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Health;

[Collection(ApiCollection.Name)]
public sealed class HealthTests(ApiHost host)
{
    [Fact]
    public async Task Callers_who_are_not_operators_see_only_the_status()
    {
        foreach (Api caller in (Api[])[host.Anyone, host.Farmer])
        {
            using HttpResponseMessage live = await caller.GetAsync("/health/live");
            using HttpResponseMessage ready = await caller.GetAsync("/health/ready");

            Assert.Equal((HttpStatusCode.OK, """{"status":"ok"}"""), (live.StatusCode, await live.Content.ReadAsStringAsync()));
            Assert.Equal((HttpStatusCode.OK, """{"status":"Ok"}"""), (ready.StatusCode, await ready.Content.ReadAsStringAsync()));
        }
    }

    [Fact]
    public async Task A_serving_replica_shows_an_operator_the_age_of_each_grid()
    {
        using HttpResponseMessage ready = await host.Operator.GetAsync("/health/ready");

        JsonElement report = await ready.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(("Ok", "ok", "in_process"), (Text("status"), Text("database"), Text("turns")));
        JsonElement[] grids = [.. report.GetProperty("grids").EnumerateArray()];
        Assert.Equal(["main", "test"], grids.Select(grid => grid.GetProperty("name").GetString()));
        Assert.All(grids, grid =>
        {
            Assert.InRange(grid.GetProperty("readSecondsAgo").GetDouble(), 0, 600);
            Assert.Equal(JsonValueKind.Null, grid.GetProperty("error").ValueKind);
        });

        string? Text(string name) => report.GetProperty(name).GetString();
    }
}
