using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Farms;

[Collection(ApiCollection.Name)]
public sealed class FarmQueryTests(ApiHost host)
{
    private const string ByNumber = "query($gridId: Long!, $grid: String!) { farm(gridId: $gridId, grid: $grid) { id grid gridId name } }";

    [Theory]
    [InlineData("main")]
    [InlineData("test")]
    public async Task A_farm_is_found_by_its_grid_and_its_number_there(string grid)
    {
        JsonElement farm = await FarmAsync(grid, ApiHost.OwnFarm);

        Assert.Equal(
            (grid, ApiHost.OwnFarm, "Test farm"),
            (farm.GetProperty("grid").GetString(), farm.GetProperty("gridId").GetInt64(), farm.GetProperty("name").GetString()));
    }

    [Theory]
    [InlineData("main", 404_404)]
    [InlineData("nowhere", 1)]
    [InlineData("No name", 1)]
    [InlineData("main", 0)]
    [InlineData("main", -1)]
    [InlineData("main", 4_294_967_297)]
    public async Task An_unknown_farm_is_null(string grid, long gridId) => Assert.Equal(JsonValueKind.Null, (await FarmAsync(grid, gridId)).ValueKind);

    private async Task<JsonElement> FarmAsync(string grid, long gridId) => (await host.Anyone.DataAsync(ByNumber, new { grid, gridId })).GetProperty("farm");
}
