using System.Text.Json;
using Mycelium.Testing;

namespace Mycelium.EndToEnd.Tests.Kills;

/// <summary>A replica dies while it has a machine made, made anew or deleted. There is one machine, or none.</summary>
[Collection(FullMarketCollection.Name)]
public sealed class ProvisioningKillTests(FullMarket market) : IAsyncLifetime
{
    private const string Rebuild = "mutation ($input: RebuildRentalInput!) { rebuildRental(input: $input) { __typename } }";

    private const string Access = "query ($id: ID!) { rental(id: $id) { status paid refunded access { state } } }";

    public Task InitializeAsync() => market.BeReadyAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_machine_is_made_rebuilt_and_deleted_once_whenever_a_replica_dies()
    {
        using Renter renter = await Renter.SignUpAsync(market.Replica);
        string combination = await market.NextCombinationAsync();

        // Made: the order is lost on its way, then its answer, and then the commit that begins the rental.
        Stop lateOrder = market.Machines.StopRequest("PUT", "/provisioner/machines");
        string rental = (await renter.RentAsync(market.Replica, combination)).RentalId!;
        Guid id = Books.Uuid(rental);
        string path = $"/provisioner/machines/{id}";
        await market.KillAtAsync(lateOrder);
        Stop made = market.Machines.StopAnswer("PUT", path);
        await market.StartAsync();
        await market.KillAtAsync(made);
        Assert.Equal([1], await market.MachinesOfAsync(id));
        Held held = await Held.CommitsAsync(market.Database, "UPDATE", "rentals", "NEW.status = 'Active' AND OLD.status = 'Provisioning'");
        await market.StartAsync();
        await market.KillAtAsync(held);
        await market.StartAsync();
        await BecomesAsync(renter, rental, "ACTIVE", "READY");
        lateOrder.LetGo();
        await lateOrder.ArrivedAsync();
        Assert.Equal([1], await market.MachinesOfAsync(id));

        // Rebuilt: the answer to the renter is lost after the commit, then the order on its way, then the provisioner's answer.
        string key = Guid.NewGuid().ToString();
        held = await Held.CommitsAsync(market.Database, "UPDATE", "machines", "NEW.version = 2 AND OLD.version = 1");
        await market.KillAtAsync(held, RebuildAsync(renter, rental, key));
        Stop lateRebuild = market.Machines.StopRequest("PUT", path);
        await market.StartAsync();
        Assert.Equal("RentalRebuilding", await RebuildAsync(renter, rental, key));
        await market.KillAtAsync(lateRebuild);
        Stop rebuilt = market.Machines.StopAnswer("PUT", path);
        await market.StartAsync();
        await market.KillAtAsync(rebuilt);
        await market.StartAsync();
        await BecomesAsync(renter, rental, "ACTIVE", "READY");
        Assert.Equal("RentalRebuilding", await RebuildAsync(renter, rental, key));
        Assert.Equal([2], await market.MachinesOfAsync(id));

        // Deleted: the answer is lost. An order that was sent before arrives after it.
        Stop deleted = market.Machines.StopAnswer("DELETE", path);
        await renter.CancelAsync(market.Replica, rental);
        await market.KillAtAsync(deleted);
        await market.StartAsync();
        await GoneAsync(id);
        lateRebuild.LetGo();
        await lateRebuild.ArrivedAsync();

        Assert.Empty(await market.MachinesOfAsync(id));
        await BecomesAsync(renter, rental, "CANCELLED", "ENDED");
        await renter.At(market.Replica).RentalsAddUpAsync(deposited: 1_000);
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_machine_that_could_not_be_made_is_paid_back_once_and_deleted_whenever_a_replica_dies()
    {
        using Renter renter = await Renter.SignUpAsync(market.Replica);
        string combination = await market.NextCombinationAsync();
        await market.Cluster.SetGridFaultAsync(new { path = "/provisioner/machines", provisioner = "never-ready" });
        string rental;
        Guid id;
        try
        {
            rental = (await renter.RentAsync(market.Replica, combination, quantity: 3)).RentalId!;
            id = Books.Uuid(rental);
            await Eventually.HoldsAsync(async () => (await market.MachinesOfAsync(id)).Count == 1, "there is a machine");
            Held held = await Held.CommitsAsync(market.Database, "UPDATE", "rentals", "NEW.status = 'Failed'");
            Stop deleted = market.Machines.StopAnswer("DELETE", $"/provisioner/machines/{id}");
            await market.PassAsync(TimeSpan.FromMinutes(16));
            await market.KillAtAsync(held);
            await market.StartAsync();
            await market.KillAtAsync(deleted);
            await market.StartAsync();
            await GoneAsync(id);
        }
        finally
        {
            await market.ClearProvisionerFaultsAsync();
        }

        JsonElement failed = (await renter.At(market.Replica).RentalsAddUpAsync(deposited: 1_000))[rental];
        Assert.Equal("FAILED", failed.GetProperty("status").GetString());
        Assert.Equal(failed.Dollars("paid"), failed.Dollars("refunded"));
        (decimal balance, ILookup<string, decimal> entries) = await renter.At(market.Replica).WalletAsync();
        Assert.Equal(1_000m, balance);
        Assert.Equal([failed.Dollars("paid")], entries["RENTAL_SETTLEMENT"]);
        Assert.Empty(await market.MachinesOfAsync(id));
        await market.CheckAsync();
    }

    private Task BecomesAsync(Renter renter, string id, string status, string access) => Eventually.HoldsAsync(
        async () =>
        {
            JsonElement rental = (await renter.At(market.Replica).Data(Access, new { id })).GetProperty("rental");
            return (rental.GetProperty("status").GetString(), rental.GetProperty("access").GetProperty("state").GetString()) == (status, access);
        },
        $"the rental is {status} and its machine {access}");

    private Task GoneAsync(Guid id) => Eventually.HoldsAsync(
        async () => await market.ScalarAsync<string>("SELECT state FROM machines WHERE rental_id = $1", id) == "Gone", "the machine is gone");

    private async Task<string> RebuildAsync(Renter renter, string rentalId, string key) =>
        (await renter.At(market.Replica).Data(Rebuild, new { input = new { rentalId, sshPublicKey = Renter.SshKey, idempotencyKey = key } }))
        .GetProperty("rebuildRental").Type();
}
