using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests;

/// <summary>What the replicas live on is away for a while. Nobody restarts them.</summary>
[Collection(ProductionCollection.Name)]
public sealed class OutageTests(Production production)
{
    /// <summary>A replica that another test killed in the middle of a pass keeps the grid for up to 60 s.</summary>
    private static readonly TimeSpan leaseEnds = TimeSpan.FromSeconds(75);

    private Cluster Cluster => production.Cluster;

    [Fact]
    public async Task While_the_grid_does_not_answer_rentals_go_on_and_health_tells_how_old_the_picture_is()
    {
        using Renter renter = await Renter.SignUpAsync(Cluster);
        string combination = await production.NextCombinationAsync();

        await Cluster.TellGridAsync(new { status = 503 });
        await Eventually.HoldsAsync(async () => Error(await WhileReadyAsync()) is not null, "a pass fails", leaseEnds);
        double failedAt = Age(await WhileReadyAsync());
        RentAnswer answer = await renter.RentAsync(production.Survivor, combination);
        await Eventually.HoldsAsync(async () => Age(await WhileReadyAsync()) > failedAt + 2, "the picture gets older");
        await Cluster.HealGridAsync();
        await Eventually.HoldsAsync(async () => await WhileReadyAsync() is var report && Error(report) is null && Age(report) < 2, "the grid is read again", TimeSpan.FromSeconds(30));

        Assert.Equal("SlicesRented", answer.Type);
        await Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task When_PostgreSQL_was_killed_and_is_back_rentals_go_on_without_a_restart()
    {
        using Renter renter = await Renter.SignUpAsync(Cluster);
        string combination = await production.NextCombinationAsync();
        string key = Guid.NewGuid().ToString();
        string before = (await renter.RentAsync(production.Survivor, await production.NextCombinationAsync())).RentalId!;

        await Cluster.Postgres.KillAsync();
        await Eventually.HoldsAsync(async () => (await Cluster.ReadyAsync(production.Survivor)).Status == 503, "the replica says that it cannot serve");
        using var probe = new ApiClient(production.Survivor);
        string live = await probe.Get("/health/live");
        JsonElement refused = await renter.At(production.Survivor).Send("{ rentals { nodes { id } } }");
        await Cluster.Postgres.StartProcessAsync();
        string after = await renter.RentAtLastAsync(production.Survivor, combination, key, TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(async () => (await Cluster.ReadyAsync(production.Survivor)).Status == 200, "the replica says that it serves");
        string[][] read = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await renter.ActiveRentalsAsync(production.Survivor)).ToArray()));

        Assert.All(read, rentals => Assert.Equal(2, rentals.Length));
        Assert.Contains("ok", live, StringComparison.Ordinal);
        Assert.Equal("UNAVAILABLE", refused.GetProperty("errors").EnumerateArray().Single().GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal(((string[])[before, after]).Order(), (await renter.ActiveRentalsAsync(production.Survivor)).Order());
        await Cluster.InvariantsHoldAsync();
    }

    /// <summary>The survivor's report, which has to be one of 200.</summary>
    private async Task<JsonElement> WhileReadyAsync()
    {
        (int status, JsonElement report) = await Cluster.ReadyAsync(production.Survivor);
        Assert.True(status == 200, report.GetRawText());
        return report;
    }

    private static string? Error(JsonElement report) => report.GetProperty("grids")[0].GetProperty("error").GetString();

    private static double Age(JsonElement report) => report.GetProperty("grids")[0].GetProperty("readSecondsAgo").GetDouble();
}
