using Mycelium.Testing;
using Npgsql;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>A replica is gone from one instant to the next (SIGKILL); the others and the callers go on.</summary>
[Collection(ProductionCollection.Name)]
public sealed class KilledReplicaTests(Production production)
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
        await using var stranger = new NpgsqlConnection(Cluster.DirectConnectionString);
        await stranger.OpenAsync();

        // Somebody else holds the wallets, so that the victim dies between its BEGIN and its COMMIT and nowhere else.
        await using NpgsqlTransaction holding = await stranger.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("SELECT FROM ledger_accounts FOR UPDATE", stranger))
            await hold.ExecuteNonQueryAsync();
        Task<RentAnswer> lost = renter.RentAsync(victim, combination, key);
        await Eventually.HoldsAsync(SomebodyWaitsForAWalletAsync, "the victim is inside its transaction");
        Cluster.KillReplica(victim);
        await Assert.ThrowsAsync<HttpRequestException>(() => lost);
        await holding.RollbackAsync();

        string rental = await renter.RentAtLastAsync(production.Survivor, combination, key);
        string again = await renter.RentAtLastAsync(production.Survivor, combination, key);

        Assert.Equal(rental, again);
        Assert.Equal([rental], await renter.ActiveRentalsAsync(production.Survivor));
        await Cluster.InvariantsHoldAsync();
    }

    private async Task<bool> SomebodyWaitsForAWalletAsync()
    {
        await using var connection = new NpgsqlConnection(Cluster.DirectConnectionString);
        await connection.OpenAsync();
        await using var waiting = new NpgsqlCommand(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%ledger_accounts%')", connection);
        return await waiting.ExecuteScalarAsync() is true;
    }
}
