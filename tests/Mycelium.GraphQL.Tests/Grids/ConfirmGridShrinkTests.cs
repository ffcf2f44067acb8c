using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Grids;

[Collection(ApiCollection.Name)]
public sealed class ConfirmGridShrinkTests(ApiHost host) : IAsyncLifetime
{
    private const string Selection =
        "... on GridShrinkConfirmed { grid shrink { knownCount remainingCount since isConfirmed } } ... on GridShrinkChanged { shrink { remainingCount } }";

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() =>
        WriteAsync("shrink_known_count = NULL, shrink_remaining_count = NULL, shrink_since = NULL, shrink_confirmed_count = NULL, shrink_confirmed_by = NULL");

    [Fact]
    public async Task Health_is_degraded_until_an_operator_confirms_the_shrink()
    {
        await WriteAsync("shrink_known_count = 20, shrink_remaining_count = 3, shrink_since = clock_timestamp()");
        Assert.Equal(3, (await ShrinkAsync()).GetProperty("remainingCount").GetInt32());
        Assert.Equal(("Degraded", 3), await HealthAsync());

        Refusal.AssertIs("GridShrinkChanged", await ConfirmAsync(remainingCount: 4));
        JsonElement confirmed = Refusal.AssertNone("GridShrinkConfirmed", await ConfirmAsync(remainingCount: 3)).GetProperty("shrink");
        Refusal.AssertNone("GridShrinkConfirmed", await ConfirmAsync(remainingCount: 3));

        Assert.Equal(
            (20, 3, true),
            (
                confirmed.GetProperty("knownCount").GetInt32(), confirmed.GetProperty("remainingCount").GetInt32(),
                confirmed.GetProperty("isConfirmed").GetBoolean()));
        Assert.True((await ShrinkAsync()).GetProperty("isConfirmed").GetBoolean());
        Assert.Equal(("Ok", 3), await HealthAsync());
    }

    [Fact]
    public async Task A_grid_that_did_not_shrink_has_nothing_to_confirm()
    {
        Assert.Equal(JsonValueKind.Null, (await ShrinkAsync()).ValueKind);
        Refusal.AssertIs("GridNotShrinking", await ConfirmAsync(remainingCount: 3));
        Refusal.AssertIs("GridNotFound", await host.Operator.MutateAsync("confirmGridShrink", new { grid = "nowhere", remainingCount = 3 }, Selection));
    }

    [Fact]
    public async Task Only_operators_confirm()
    {
        var input = new { grid = "test", remainingCount = 3 };

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("confirmGridShrink", input));
        Assert.Equal("FORBIDDEN", await host.Farmer.MutationErrorCodeAsync("confirmGridShrink", input));
    }

    private Task<JsonElement> ConfirmAsync(int remainingCount) =>
        host.Operator.MutateAsync("confirmGridShrink", new { grid = "test", remainingCount }, Selection);

    private async Task<JsonElement> ShrinkAsync() =>
        (await host.Anyone.DataAsync("{ grids { name shrink { knownCount remainingCount since isConfirmed } } }")).GetProperty("grids").EnumerateArray()
            .Single(grid => grid.GetProperty("name").GetString() == "test").GetProperty("shrink");

    /// <summary>
    /// Returns the health of a new replica, since a replica caches its health for a second. The replica reads no
    /// grid, because that would end the shrink.
    /// </summary>
    private async Task<(string?, int)> HealthAsync()
    {
        await using Replica replica = host.StartReplica(("Grids:main:BaseUrl", ""), ("Grids:test:BaseUrl", ""));
        using Api @operator = new(replica.Address, host.Operator.Token);
        JsonElement report = default;
        await Testing.Eventually.HoldsAsync(
            async () =>
            {
                using HttpResponseMessage ready = await @operator.GetAsync("/health/ready");
                report = await ready.Content.ReadFromJsonAsync<JsonElement>();
                return ready.StatusCode == HttpStatusCode.OK;
            },
            "the replica is ready");
        JsonElement test = report.GetProperty("grids").EnumerateArray().Single(grid => grid.GetProperty("name").GetString() == "test");
        return (report.GetProperty("status").GetString(), test.GetProperty("shrink").GetProperty("remainingCount").GetInt32());
    }

    private async Task WriteAsync(string assignments)
    {
        await using NpgsqlCommand write = host.Database.CreateCommand(
            $"UPDATE grid_syncs SET {assignments} WHERE grid_number = (SELECT number FROM grids WHERE name = 'test')");
        await write.ExecuteNonQueryAsync();
    }
}
