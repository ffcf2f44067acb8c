using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.Testing;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Provisioning;

[Collection(ApiCollection.Name)]
public sealed class RebuildRentalTests(ApiHost host)
{
    private const string Rebuilding = "... on RentalRebuilding { rental { id status } }";

    [Fact]
    public async Task A_machine_is_made_anew_from_another_image_for_another_key()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mycelium-ssh-");
        (Api renter, string rental) = await api.RentAsync();
        JsonElement before = await Provisioned.AccessAsync(renter, rental, "READY");
        var input = new
        {
            rentalId = rental,
            sshPublicKey = await Provisioned.NewKeyAsync(folder.FullName),
            image = "debian-12",
            idempotencyKey = host.NewKey(),
        };

        Refusal.AssertNone("RentalRebuilding", await renter.MutateAsync("rebuildRental", input, Rebuilding));
        JsonElement access = await Provisioned.AccessAsync(renter, rental, "READY", notPort: before.GetProperty("port").GetInt32());
        JsonElement again = await renter.MutateAsync("rebuildRental", input, Rebuilding);

        Assert.Equal("debian-12 2\n", await Provisioned.SshAsync(access, folder.FullName, "echo $IMAGE $MACHINE_VERSION"));
        Assert.NotEqual(before.GetProperty("hostKeys")[0].GetString(), access.GetProperty("hostKeys")[0].GetString());
        Refusal.AssertNone("RentalRebuilding", again); // The same key: nothing is made again.
        Assert.Equal("READY", (await Provisioned.AccessAsync(renter, rental)).GetProperty("state").GetString());
        Refusal.AssertIs("IdempotencyKeyReused", await renter.MutateAsync(
            "rebuildRental", new { input.rentalId, input.idempotencyKey, sshPublicKey = Renting.SshKey }, Rebuilding));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_cannot_be_made_is_refused_and_the_machine_stays()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await api.RentAsync();
        JsonElement before = await Provisioned.AccessAsync(renter, rental, "READY");

        Refusal.AssertIs("ImageNotFound", await RebuildAsync(renter, rental, image: "windows-95"));
        Refusal.AssertIs("ImageNotFound", await RebuildAsync(renter, rental, image: "$(id)"));
        Refusal.AssertIs("InvalidSshPublicKey", await RebuildAsync(renter, rental, key: "ssh-ed25519 AAAA"));
        Refusal.AssertIs("InvalidInput", await RebuildAsync(renter, rental, image: new string('a', 65)));

        JsonElement after = await Provisioned.AccessAsync(renter, rental);
        Assert.Equal(before.GetRawText(), after.GetRawText());
    }

    [Fact]
    public async Task A_rental_that_has_ended_is_not_rebuilt()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await api.RentAsync();
        Refusal.AssertNone("RentalCancelled", await renter.MutateAsync("cancelRental", new { rentalId = rental, idempotencyKey = host.NewKey() }));

        Refusal.AssertIs("RentalAlreadyEnded", await RebuildAsync(renter, rental));
    }

    [Fact]
    public async Task A_grid_without_machines_has_nothing_to_rebuild()
    {
        Api renter = await host.RenterAsync();
        string rental = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString()!;

        Refusal.AssertIs("RentalHasNoMachine", await RebuildAsync(renter, rental));
    }

    [Fact]
    public async Task Another_renters_machine_is_not_found()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (_, string rental) = await api.RentAsync();

        Refusal.AssertIs("RentalNotFound", await RebuildAsync(api.As(await host.RenterAsync()), rental));
    }

    [Fact]
    public async Task Only_signed_in_callers_rebuild() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
            "rebuildRental", new { rentalId = GlobalId.Encode("Rental", Guid.NewGuid()), sshPublicKey = Renting.SshKey, idempotencyKey = host.NewKey() }));

    private Task<JsonElement> RebuildAsync(Api renter, string rentalId, string? image = null, string? key = null) =>
        renter.MutateAsync(
            "rebuildRental", new { rentalId, sshPublicKey = key ?? A.Ed25519Line(filledWith: 9), image, idempotencyKey = host.NewKey() }, Rebuilding);
}
