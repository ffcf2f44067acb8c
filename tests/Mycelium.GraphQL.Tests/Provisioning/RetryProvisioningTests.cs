using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.GridStandIn.Faults;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Provisioning;

[Collection(ApiCollection.Name)]
public sealed class RetryProvisioningTests(ApiHost host)
{
    private const string Retried = "... on ProvisioningRetried { rental { id } }";

    [Fact]
    public async Task A_machine_that_was_given_up_is_made_after_all()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await api.RentAsync();
        await Provisioned.AccessAsync(renter, rental, "READY");
        api.Provisioner.Faults.Add(new Fault { Path = "/provisioner/machines", Provisioner = "never-ready" });
        Refusal.AssertNone("RentalRebuilding", await renter.MutateAsync(
            "rebuildRental", new { rentalId = rental, sshPublicKey = Renting.SshKey, idempotencyKey = host.NewKey() }));
        Assert.True(GlobalId.TryDecode(rental, out _, out string id));
        await host.SqlAsync("UPDATE machines SET deadline_at = created_at WHERE rental_id = $1", Guid.Parse(id));
        await Provisioned.AccessAsync(renter, rental, "FAILED");
        api.Provisioner.Faults.Clear();

        Refusal.AssertNone("ProvisioningRetried", await renter.MutateAsync("retryProvisioning", new { rentalId = rental }, Retried));

        await Provisioned.AccessAsync(renter, rental, "READY");
        Refusal.AssertIs("MachineIsReady", await renter.MutateAsync("retryProvisioning", new { rentalId = rental }, Retried));
    }

    [Fact]
    public async Task A_rental_that_has_ended_is_not_retried()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await api.RentAsync();
        Refusal.AssertNone("RentalCancelled", await renter.MutateAsync("cancelRental", new { rentalId = rental, idempotencyKey = host.NewKey() }));

        Refusal.AssertIs("RentalAlreadyEnded", await renter.MutateAsync("retryProvisioning", new { rentalId = rental }, Retried));
    }

    [Fact]
    public async Task A_grid_without_machines_has_nothing_to_retry()
    {
        Api renter = await host.RenterAsync();
        string rental = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString()!;

        Refusal.AssertIs("RentalHasNoMachine", await renter.MutateAsync("retryProvisioning", new { rentalId = rental }, Retried));
    }

    [Fact]
    public async Task Another_renters_machine_is_not_found()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (_, string rental) = await api.RentAsync();

        Refusal.AssertIs("RentalNotFound", await api.As(await host.RenterAsync()).MutateAsync("retryProvisioning", new { rentalId = rental }, Retried));
    }

    [Fact]
    public async Task Only_signed_in_callers_retry() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
            "retryProvisioning", new { rentalId = GlobalId.Encode("Rental", Guid.NewGuid()) }));
}
