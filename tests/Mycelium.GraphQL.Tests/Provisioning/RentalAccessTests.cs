using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Rentals;
using Mycelium.GridStandIn.Faults;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Provisioning;

[Collection(ApiCollection.Name)]
public sealed class RentalAccessTests(ApiHost host)
{
    [Fact]
    public async Task A_renter_rents_logs_in_with_ssh_and_loses_access_with_the_rental()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mycelium-ssh-");
        (Api renter, string rental) = await api.RentAsync(await Provisioned.NewKeyAsync(folder.FullName));

        JsonElement access = await Provisioned.AccessAsync(renter, rental, "READY");
        Assert.Equal("ubuntu-24.04\n", await Provisioned.SshAsync(access, folder.FullName, "echo $IMAGE"));

        Guid id = GlobalId.TryDecode(rental, out _, out string raw) ? Guid.Parse(raw) : Guid.Empty;
        Assert.True(api.Provisioner.Machines.IsRunning(id));

        Refusal.AssertNone("RentalCancelled", await renter.MutateAsync("cancelRental", new { rentalId = rental, idempotencyKey = host.NewKey() }));
        JsonElement ended = await Provisioned.AccessAsync(renter, rental);
        Assert.Equal(("ENDED", JsonValueKind.Null), (ended.GetProperty("state").GetString(), ended.GetProperty("host").ValueKind));
        await Testing.Eventually.HoldsAsync(() => !api.Provisioner.Machines.IsRunning(id), "no machine");
        await Assert.ThrowsAsync<InvalidOperationException>(() => Provisioned.SshAsync(access, folder.FullName, "true"));
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Only_the_renter_sees_how_a_machine_is_reached()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await api.RentAsync();
        await Provisioned.AccessAsync(renter, rental, "READY");

        foreach (Api other in new[] { api.As(await host.RenterAsync()), api.As(host.Farmer), api.As(host.Operator), api.As(host.Anyone) })
        {
            JsonElement seen = await other.DataAsync(
                $"query($id: ID!) {{ node(id: $id) {{ ... on Rental {{ {Provisioned.Access} }} }} }}", new { id = rental });
            Assert.Equal(JsonValueKind.Null, seen.GetProperty("node").ValueKind);
        }
    }

    [Fact]
    public async Task A_list_of_rentals_tells_how_each_is_reached()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await api.RentAsync();
        await Provisioned.AccessAsync(renter, rental, "READY");

        JsonElement list = await renter.DataAsync($"{{ rentals(first: 5) {{ nodes {{ id {Provisioned.Access} }} }} }}");

        JsonElement access = Assert.Single(list.GetProperty("rentals").GetProperty("nodes").EnumerateArray()).GetProperty("access");
        Assert.Equal(("READY", "127.0.0.1"), (access.GetProperty("state").GetString(), access.GetProperty("host").GetString()));
    }

    [Fact]
    public async Task While_a_machine_is_made_the_renter_learns_why_the_last_attempt_failed()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        api.Provisioner.Faults.Add(new Fault { Path = "/provisioner/machines", Provisioner = "fails" });
        (Api renter, string rental) = await api.RentAsync();

        await Testing.Eventually.HoldsAsync(
            async () => (await Provisioned.AccessAsync(renter, rental)).GetProperty("reason").GetString() == "The disk image could not be fetched.",
            "a reason");

        JsonElement access = await Provisioned.AccessAsync(renter, rental);
        Assert.Equal(("CREATING", JsonValueKind.Null), (access.GetProperty("state").GetString(), access.GetProperty("port").ValueKind));
    }

    [Fact]
    public async Task A_grid_without_machines_says_so()
    {
        Api renter = await host.RenterAsync();
        string rental = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString()!;

        Assert.Equal("NONE", (await Provisioned.AccessAsync(renter, rental)).GetProperty("state").GetString());
    }
}
