using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>A replica dies instantly (SIGKILL) or is paused (SIGSTOP) while the others and the callers continue.</summary>
[Collection(ProductionCollection.Name)]
public sealed class LostReplicaTests(Production production)
{
    private Cluster Cluster => production.Cluster;

    [Fact]
    public async Task A_confirmed_rental_survives()
    {
        Uri victim = await production.AddReplicaAsync();
        using Renter renter = await Renter.SignUpAsync(Cluster);
        string combination = await production.NextCombinationAsync();
        string key = Guid.NewGuid().ToString();

        string? confirmed = (await renter.RentAsync(victim, combination, key)).RentalId;
        Cluster.KillReplica(victim);

        Assert.NotNull(confirmed);
        Assert.Equal([confirmed], await renter.ActiveRentalsAsync(production.Survivor));
        Assert.Equal(confirmed, await renter.RentWithRetriesAsync(production.Survivor, combination, key));
        await Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task A_rental_in_progress_happens_once_when_the_request_is_retried()
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

        string rental = await renter.RentWithRetriesAsync(production.Survivor, combination, key);
        string again = await renter.RentWithRetriesAsync(production.Survivor, combination, key);

        Assert.Equal(rental, again);
        Assert.Equal([rental], await renter.ActiveRentalsAsync(production.Survivor));
        await Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task A_rental_whose_replica_died_between_commit_and_response_is_returned_by_another_replica()
    {
        Uri victim = await production.AddReplicaAsync();
        using Renter renter = await Renter.SignUpAsync(Cluster);
        string combination = await production.NextCombinationAsync();
        string key = Guid.NewGuid().ToString();

        await using Held held = await Held.CommitsAsync(Cluster.DirectConnectionString, "INSERT", "rentals");
        Task<RentAnswer> lost = renter.RentAsync(victim, combination, key);
        await held.SomebodyWaitsAsync();
        Cluster.KillReplica(victim);
        await held.LetGoAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => lost);
        await Eventually.HoldsAsync(async () => (await renter.ActiveRentalsAsync(production.Survivor)).Count == 1, "the rental is there");

        string rental = await renter.RentWithRetriesAsync(production.Survivor, combination, key);

        Assert.Equal([rental], await renter.ActiveRentalsAsync(production.Survivor));
        await Cluster.InvariantsHoldAsync();
    }

    [Fact]
    public async Task A_replica_paused_inside_its_transaction_blocks_nobody_and_has_lost_the_transaction_when_it_resumes()
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

        // The paused replica holds the node's row and its Redis lock. PostgreSQL ends its session after a few seconds, and the lock expires.
        string others = await other.RentWithRetriesAsync(production.Survivor, combination, Guid.NewGuid().ToString());
        IReadOnlyList<string> before = await sleeper.ActiveRentalsAsync(production.Survivor);
        Cluster.ResumeReplica(victim);
        await Assert.ThrowsAsync<InvalidOperationException>(() => asleep);
        IReadOnlyList<string> after = await sleeper.ActiveRentalsAsync(production.Survivor);
        string rental = await sleeper.RentWithRetriesAsync(victim, combination, key);

        Assert.Equal([others], await other.ActiveRentalsAsync(production.Survivor));
        Assert.Empty(before);
        Assert.Empty(after);
        Assert.Equal([rental], await sleeper.ActiveRentalsAsync(production.Survivor));
        await Cluster.InvariantsHoldAsync();
    }
}
