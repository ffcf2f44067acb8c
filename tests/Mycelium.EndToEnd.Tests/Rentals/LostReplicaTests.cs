using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>A replica is gone from one instant to the next (SIGKILL), or stands still (SIGSTOP); the others and the callers go on.</summary>
[Collection(ProductionCollection.Name)]
public sealed class LostReplicaTests(Production production)
{
    private Cluster Cluster => production.Cluster;

    [Fact]
    public async Task A_rental_that_was_confirmed_is_there()
    {
        Uri victim = await production.AddReplicaAsync();
        using Renter renter = await Renter.SignUpAsync(Cluster);
        string combination = await production.NextCombinationAsync();
        string key = Guid.NewGuid().ToString();

        string? confirmed = (await renter.RentAsync(victim, combination, key)).RentalId;
        Cluster.KillReplica(victim);

        Assert.NotNull(confirmed);
        Assert.Equal([confirmed], await renter.ActiveRentalsAsync(production.Survivor));
        Assert.Equal(confirmed, await renter.RentAtLastAsync(production.Survivor, combination, key));
        await Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task A_rental_that_was_under_way_happens_once_when_it_is_sent_again()
    {
        Uri victim = await production.AddReplicaAsync();
        using Renter renter = await Renter.SignUpAsync(Cluster);
        string combination = await production.NextCombinationAsync();
        string key = Guid.NewGuid().ToString();

        await using WalletsHeld held = await WalletsHeld.TakeAsync(Cluster.DirectConnectionString);
        Task<RentAnswer> lost = renter.RentAsync(victim, combination, key);
        await held.SomebodyWaitsAsync();
        Cluster.KillReplica(victim);
        await Assert.ThrowsAsync<HttpRequestException>(() => lost);
        await held.LetGoAsync();

        string rental = await renter.RentAtLastAsync(production.Survivor, combination, key);
        string again = await renter.RentAtLastAsync(production.Survivor, combination, key);

        Assert.Equal(rental, again);
        Assert.Equal([rental], await renter.ActiveRentalsAsync(production.Survivor));
        await Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task A_rental_whose_replica_died_between_the_commit_and_the_answer_is_the_answer_elsewhere()
    {
        Uri victim = await production.AddReplicaAsync();
        using Renter renter = await Renter.SignUpAsync(Cluster);
        string combination = await production.NextCombinationAsync();
        string key = Guid.NewGuid().ToString();

        await using CommitsHeld held = await CommitsHeld.TakeAsync(Cluster.DirectConnectionString);
        Task<RentAnswer> lost = renter.RentAsync(victim, combination, key);
        await held.SomebodyWaitsAsync();
        Cluster.KillReplica(victim);
        await held.LetGoAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => lost);
        await Eventually.HoldsAsync(async () => (await renter.ActiveRentalsAsync(production.Survivor)).Count == 1, "the rental is there");

        string rental = await renter.RentAtLastAsync(production.Survivor, combination, key);

        Assert.Equal([rental], await renter.ActiveRentalsAsync(production.Survivor));
        await Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task A_replica_that_stands_still_inside_its_transaction_stops_nobody_and_wakes_up_to_nothing()
    {
        Uri victim = await production.AddReplicaAsync();
        using Renter sleeper = await Renter.SignUpAsync(Cluster);
        using Renter other = await Renter.SignUpAsync(Cluster);
        string combination = await production.NextCombinationAsync(slicesMin: 2);
        string key = Guid.NewGuid().ToString();

        await using WalletsHeld held = await WalletsHeld.TakeAsync(Cluster.DirectConnectionString);
        Task<RentAnswer> asleep = sleeper.RentAsync(victim, combination, key);
        await held.SomebodyWaitsAsync();
        Cluster.PauseReplica(victim);
        await held.LetGoAsync();
        await held.SomebodyStandsStillAsync();

        // The sleeper has the node's row and its Redis lock. PostgreSQL ends its session after a few seconds, and the lock runs out.
        string others = await other.RentAtLastAsync(production.Survivor, combination, Guid.NewGuid().ToString());
        IReadOnlyList<string> before = await sleeper.ActiveRentalsAsync(production.Survivor);
        Cluster.ResumeReplica(victim);
        await Assert.ThrowsAsync<InvalidOperationException>(() => asleep);
        IReadOnlyList<string> after = await sleeper.ActiveRentalsAsync(production.Survivor);
        string rental = await sleeper.RentAtLastAsync(victim, combination, key);

        Assert.Equal([others], await other.ActiveRentalsAsync(production.Survivor));
        Assert.Empty(before);
        Assert.Empty(after);
        Assert.Equal([rental], await sleeper.ActiveRentalsAsync(production.Survivor));
        await Cluster.InvariantsHoldAsync();
    }
}
