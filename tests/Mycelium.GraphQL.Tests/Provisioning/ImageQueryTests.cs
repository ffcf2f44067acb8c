using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GridStandIn.Faults;

namespace Mycelium.GraphQL.Tests.Provisioning;

[Collection(ApiCollection.Name)]
public sealed class ImageQueryTests(ApiHost host)
{
    private const string Images = "query($grid: String!) { images(grid: $grid) { id name description } grids { name hasProvisioner } }";

    [Fact]
    public async Task Images_of_a_grid_are_listed_and_grids_say_whether_they_have_any()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        Api caller = api.As(host.Anyone);

        JsonElement main = await caller.DataAsync(Images, new { grid = "main" });
        JsonElement test = await caller.DataAsync(Images, new { grid = "test" });
        JsonElement unknown = await caller.DataAsync(Images, new { grid = "nowhere" });

        Assert.Equal("ubuntu-24.04", main.GetProperty("images")[0].GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, test.GetProperty("images").ValueKind);
        Assert.Equal(JsonValueKind.Null, unknown.GetProperty("images").ValueKind);
        Assert.Equal(
            [("main", true), ("test", false)],
            main.GetProperty("grids").EnumerateArray().Select(grid => (grid.GetProperty("name").GetString(), grid.GetProperty("hasProvisioner").GetBoolean())));
    }

    [Fact]
    public async Task A_provisioner_that_has_never_answered_is_unavailable_and_one_that_has_is_remembered()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        Api caller = api.As(host.Anyone);
        api.Provisioner.Faults.Add(new Fault { Path = "/provisioner/images", Status = 503 });

        Assert.Equal("UNAVAILABLE", await caller.ErrorCodeAsync(Images, new { grid = "main" }));
        api.Provisioner.Faults.Clear();
        await caller.DataAsync(Images, new { grid = "main" });
        api.Provisioner.Faults.Add(new Fault { Path = "/provisioner/images", Status = 503 });

        Assert.Equal(3, (await caller.DataAsync(Images, new { grid = "main" })).GetProperty("images").GetArrayLength());
    }
}
