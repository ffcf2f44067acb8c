using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Health;

[Collection(ApiCollection.Name)]
public sealed class HealthTests(ApiHost host)
{
    [Fact]
    public async Task A_replica_that_serves_is_live_and_ready_and_shows_the_age_of_each_grid()
    {
        using HttpResponseMessage live = await host.Anyone.GetAsync("/health/live");
        using HttpResponseMessage ready = await host.Anyone.GetAsync("/health/ready");

        JsonElement report = await ready.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.StatusCode, ready.StatusCode));
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
