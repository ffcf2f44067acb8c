using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests;

/// <summary>A dependency of the replicas is down for a while. The replicas are not restarted.</summary>
[Collection(ProductionCollection.Name)]
public sealed class OutageTests(Production production)
{
    /// <summary>A replica that another test killed in the middle of a pass keeps its lease on the grid for up to 60 s.</summary>
    private static readonly TimeSpan leaseEnds = TimeSpan.FromSeconds(75);

    private Cluster Cluster => production.Cluster;

    [Fact]
    public async Task While_the_grid_does_not_respond_rentals_continue_and_health_reports_the_age_of_its_data()
    {
        using Renter renter = await Renter.SignUpAsync(Cluster);
        string combination = await production.NextCombinationAsync();

        await Cluster.SetGridFaultAsync(new { status = 503 });
        await Eventually.HoldsAsync(async () => Error(await ReportWhileReadyAsync()) is not null, "a pass fails", leaseEnds);
        double failedAt = Age(await ReportWhileReadyAsync());
        RentAnswer answer = await renter.RentAsync(production.Survivor, combination);
        await Eventually.HoldsAsync(async () => Age(await ReportWhileReadyAsync()) > failedAt + 2, "the data gets older");
        await Cluster.ClearGridFaultsAsync();
        await Eventually.HoldsAsync(
            async () => await ReportWhileReadyAsync() is var report && Error(report) is null && Age(report) < 2,
            "the grid is read again", TimeSpan.FromSeconds(30));

        Assert.Equal("SlicesRented", answer.Type);
        await Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task After_PostgreSQL_is_killed_and_restarted_rentals_continue_without_restarting_replicas()
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
        string after = await renter.RentWithRetriesAsync(production.Survivor, combination, key, TimeSpan.FromSeconds(10));
        await Eventually.HoldsAsync(async () => (await Cluster.ReadyAsync(production.Survivor)).Status == 200, "the replica says that it serves");
        string[][] read = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await renter.ActiveRentalsAsync(production.Survivor)).ToArray()));

        Assert.All(read, rentals => Assert.Equal(2, rentals.Length));
        Assert.Contains("ok", live, StringComparison.Ordinal);
        Assert.Equal("UNAVAILABLE", refused.GetProperty("errors").EnumerateArray().Single().GetProperty("extensions").GetProperty("code").GetString());
        Assert.Equal(((string[])[before, after]).Order(), (await renter.ActiveRentalsAsync(production.Survivor)).Order());
        await Cluster.InvariantsHoldAsync();
    }

    /// <summary>Returns the survivor's report; its status must be 200.</summary>
    private async Task<JsonElement> ReportWhileReadyAsync()
    {
        (int status, JsonElement report) = await Cluster.ReadyAsync(production.Survivor);
        Assert.True(status == 200, report.GetRawText());
        return report;
    }

    private static string? Error(JsonElement report) => report.GetProperty("grids")[0].GetProperty("error").GetString();

    private static double Age(JsonElement report) => report.GetProperty("grids")[0].GetProperty("readSecondsAgo").GetDouble();
}
