using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>500 concurrent callers at two replicas each want one slice of a node that has 100.</summary>
[Collection(MarketCollection.Name)]
public sealed class CrowdTests(Market market) : IAsyncLifetime
{
    private const int CallerCount = 500;
    private const int AccountCount = 5;
    private Renter[] renters = [];

    private Cluster Cluster => market.Cluster;

    public async Task InitializeAsync()
    {
        await Cluster.TurnsBecomeAsync("redlock");
        renters = await Task.WhenAll(Enumerable.Range(0, AccountCount).Select(_ => Renter.SignUpAsync(Cluster)));
    }

    public Task DisposeAsync()
    {
        foreach (Renter renter in renters)
            renter.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_hundred_callers_rent_and_four_hundred_are_refused()
    {
        await SellOutAsync();

        await Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task With_every_Redis_master_dead_it_is_the_same()
    {
        foreach (RedisServer master in Cluster.Redis)
            master.Kill();
        try
        {
            await SellOutAsync();

            await Cluster.TurnsBecomeAsync("db_only");
            await Cluster.InvariantsHoldAsync();
        }
        finally
        {
            await Task.WhenAll(Cluster.Redis.Select(master => master.RestartAsync()));
        }
    }

    [Fact]
    public async Task With_every_lock_flushed_continuously_it_is_the_same()
    {
        using var flushing = new Flushing(Cluster.Redis);
        await flushing.HappensAsync();
        long before = flushing.Count;

        await SellOutAsync();

        Assert.True(flushing.Count > before, "No flush happened while the crowd was renting: the test shows nothing.");
        await flushing.StopAsync();
        await Cluster.InvariantsHoldAsync();
    }

    private async Task SellOutAsync()
    {
        long node = market.NextNode();
        string combination = await market.CombinationAsync(node);

        RentAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, CallerCount).Select(caller =>
            renters[caller % AccountCount].RentAsync(Cluster.Replicas[caller / AccountCount % 2], combination)));

        Assert.Equal(
            new Dictionary<string, int> { ["SlicesRented"] = Market.SlicesOfANode, ["NotEnoughSlices"] = CallerCount - Market.SlicesOfANode },
            answers.CountBy(answer => answer.Type).ToDictionary());
        Assert.Equal(Market.SlicesOfANode, answers.Where(answer => answer.RentalId is not null).DistinctBy(answer => answer.RentalId).Count());
        Assert.Equal(Market.SlicesOfANode, (await Market.NodeAsync(market.Other, node)).GetProperty("allocatedSlices").GetInt32());
    }
}
