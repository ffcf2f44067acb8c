using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Provisioning;
using Mycelium.Testing;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class PlaceMachineTests(ApiHost host)
{
    private const string Placed = $$"""
        ... on MachinePlaced { rental { {{WholeNodes.Rental}} } host { {{WholeNodes.Rental}} } }
        ... on NodeFull { requested available }
        """;

    private Task<JsonElement> PlaceAsync(
        Api renter, string? rentalId, int slices = 1, string? sshPublicKey = null, string? image = null, string? name = null, string? key = null) =>
        renter.MutateAsync(
            "placeMachine", new { rentalId, slices, sshPublicKey, image, name, idempotencyKey = key ?? host.NewKey() }, Placed);

    private async Task<(Api Renter, string HostId)> RentAsync(Provisioned api, int slices = 4, string? sshPublicKey = null, object? term = null)
    {
        Api renter = api.As(await host.RenterAsync());
        JsonElement rented = Refusal.AssertNone(
            "NodeRented", await host.RentNodeAsync(renter, await host.PublishAsync(slices), term, sshPublicKey: sshPublicKey ?? Renting.SshKey));
        return (renter, rented.GetProperty("rental").GetProperty("id").GetString()!);
    }

    private async Task<JsonElement> PlacedAsync(Api renter, string hostId, int slices = 1) =>
        Refusal.AssertNone("MachinePlaced", await PlaceAsync(renter, hostId, slices)).GetProperty("rental");

    private static async Task<JsonElement> RentalAsync(Api renter, string? id) =>
        (await renter.DataAsync($"query($id: ID!) {{ rental(id: $id) {{ {WholeNodes.Rental} endMessage }} }}", new { id })).GetProperty("rental");

    private Task<JsonElement> CancelAsync(Api renter, string? rentalId) =>
        renter.MutateAsync("cancelRental", new { rentalId, idempotencyKey = host.NewKey() }, "... on RentalCancelled { refund }");

    [Fact]
    public async Task A_renter_logs_in_to_a_machine_on_a_whole_node_which_goes_away_with_it()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mycelium-ssh-");
        (Api renter, string hostId) = await RentAsync(api, sshPublicKey: await Provisioned.NewKeyAsync(folder.FullName));
        decimal balance = await renter.BalanceAsync();

        JsonElement machine = await PlacedAsync(renter, hostId, slices: 3);
        string id = machine.GetProperty("id").GetString()!;
        JsonElement access = await Provisioned.AccessAsync(renter, id, "READY");
        Assert.Equal("ubuntu-24.04\n", await Provisioned.SshAsync(access, folder.FullName, "echo $IMAGE"));

        Assert.Equal(("MACHINE", 0m, hostId), (
            machine.GetProperty("kind").GetString(), machine.GetProperty("paid").GetDollars(),
            machine.GetProperty("hostRental").GetProperty("id").GetString()));
        Assert.Equal(balance, await renter.BalanceAsync());
        Assert.Equal("ACTIVE", (await RentalAsync(renter, id)).GetProperty("status").GetString());
        JsonElement node = await RentalAsync(renter, hostId);
        Assert.Equal(id, Assert.Single(node.GetProperty("machines").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("NONE", node.GetProperty("access").GetProperty("state").GetString());

        Refusal.AssertNone("RentalCancelled", await CancelAsync(renter, hostId));

        JsonElement ended = await RentalAsync(renter, id);
        Assert.Equal(
            ("CANCELLED", "HOST_ENDED", "ENDED"),
            (ended.GetProperty("status").GetString(), ended.GetProperty("endReason").GetString(),
                ended.GetProperty("access").GetProperty("state").GetString()));
        await Eventually.HoldsAsync(() => api.Provisioner.Machines.RunningCount == 0, "no machine");
        folder.Delete(recursive: true);
        await host.AssertMoneyAddsUpAsync();
    }

    [Fact]
    public async Task Machines_share_the_slices_of_their_node_and_give_them_back()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (Api renter, string hostId) = await RentAsync(api);
        string first = (await PlacedAsync(renter, hostId, slices: 3)).GetProperty("id").GetString()!;

        JsonElement full = await PlaceAsync(renter, hostId, slices: 2);
        Refusal.AssertIs("NodeFull", full);
        Assert.Equal((2, 1), (full.GetProperty("requested").GetInt32(), full.GetProperty("available").GetInt32()));
        Assert.Equal(0, Refusal.AssertNone("RentalCancelled", await CancelAsync(renter, first)).GetProperty("refund").GetDollars());

        JsonElement[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PlaceAsync(renter, hostId)));

        Assert.Equal(4, answers.Count(answer => answer.GetProperty("__typename").GetString() == "MachinePlaced"));
        Assert.Equal(4, answers.Count(answer => answer.GetProperty("__typename").GetString() == "NodeFull"));
        Assert.Equal("CANCELLED_BY_RENTER", (await RentalAsync(renter, first)).GetProperty("endReason").GetString());
    }

    [Fact]
    public async Task The_time_of_a_machine_is_its_hosts()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (Api renter, string hostId) = await RentAsync(api);
        string id = (await PlacedAsync(renter, hostId)).GetProperty("id").GetString()!;
        await Provisioned.AccessAsync(renter, id, "READY");

        Refusal.AssertNone("RentalExtended", await renter.MutateAsync(
            "extendRental", new { rentalId = hostId, term = new { hours = 24 }, idempotencyKey = host.NewKey() }, "... on RentalExtended { charged }"));

        Assert.Equal((await RentalAsync(renter, hostId)).GetProperty("endsAt").GetString(), (await RentalAsync(renter, id)).GetProperty("endsAt").GetString());
        Refusal.AssertIs("MachineFollowsHost", await renter.MutateAsync(
            "extendRental", new { rentalId = id, term = new { hours = 24 }, idempotencyKey = host.NewKey() }));
        Refusal.AssertIs("MachineFollowsHost", await renter.MutateAsync("setAutoRenew", new { rentalId = id, maxPricePerHour = "1" }));
        Refusal.AssertIs("MachineFollowsHost", await renter.MutateAsync(
            "moveRental", new { rentalId = id, sliceCombinationId = ApiHost.Combination(1), idempotencyKey = host.NewKey() }));
        Refusal.AssertNone("RentalRenamed", await renter.MutateAsync("renameRental", new { rentalId = id, name = "vm" }));

        Refusal.AssertNone("RentalWithdrawn", await host.Farmer.MutateAsync("endRental", new { rentalId = hostId, reason = "Maintenance" }));

        Assert.Equal("HOST_ENDED", (await RentalAsync(renter, id)).GetProperty("endReason").GetString());
        await host.AssertMoneyAddsUpAsync();
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_response_and_places_once()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        (Api renter, string hostId) = await RentAsync(api);
        string key = host.NewKey();

        JsonElement first = await PlaceAsync(renter, hostId, key: key);
        JsonElement again = await PlaceAsync(renter, hostId, key: key);

        Assert.Equal(first.GetProperty("rental").GetProperty("id").GetString(), again.GetProperty("rental").GetProperty("id").GetString());
        Refusal.AssertIs("IdempotencyKeyReused", await PlaceAsync(renter, hostId, slices: 2, key: key));
    }

    [Fact]
    public async Task Every_reason_not_to_place_a_machine_is_an_answer_and_changes_nothing()
    {
        await using Provisioned api = await Provisioned.StartAsync(host);
        Api renter = api.As(await host.RenterAsync());
        long node = await host.PublishAsync(slices: 4);
        string hostId = Refusal.AssertNone("NodeRented", await host.RentNodeAsync(renter, node)).GetProperty("rental").GetProperty("id").GetString()!;
        string slices = (await renter.RentAsync(host.Input(await host.PublishAsync()))).GetProperty("id").GetString()!;

        Refusal.AssertIs("InvalidQuantity", await PlaceAsync(renter, hostId, slices: 0));
        Refusal.AssertIs("InvalidSshPublicKey", await PlaceAsync(renter, hostId, sshPublicKey: "no key"));
        Refusal.AssertIs("InvalidSshPublicKey", await PlaceAsync(renter, hostId)); // Neither has one.
        Refusal.AssertIs("InvalidRentalName", await PlaceAsync(renter, hostId, sshPublicKey: Renting.SshKey, name: " "));
        Refusal.AssertIs("ImageNotFound", await PlaceAsync(renter, hostId, sshPublicKey: Renting.SshKey, image: "windows"));
        Refusal.AssertIs("NodeFull", await PlaceAsync(renter, hostId, slices: 5, sshPublicKey: Renting.SshKey));
        Refusal.AssertIs("RentalNotOfNode", await PlaceAsync(renter, slices, sshPublicKey: Renting.SshKey));
        Refusal.AssertIs("RentalNotFound", await PlaceAsync(api.As(await host.RenterAsync()), hostId, sshPublicKey: Renting.SshKey));
        Refusal.AssertIs("RentalNotFound", await PlaceAsync(api.As(host.Farmer), hostId, sshPublicKey: Renting.SshKey));
        await host.SqlAsync("UPDATE nodes SET status = 'Down', version = version + 1 WHERE grid = 'main' AND grid_id = $1", node);
        Refusal.AssertIs("NodeUnavailable", await PlaceAsync(renter, hostId, sshPublicKey: Renting.SshKey));
        await host.LetWaitInGraceAsync(hostId);
        Refusal.AssertIs("AccountOwes", await PlaceAsync(renter, hostId, sshPublicKey: Renting.SshKey));
        Refusal.AssertNone("RentalCancelled", await CancelAsync(renter, hostId));
        Refusal.AssertIs("RentalAlreadyEnded", await PlaceAsync(renter, hostId, sshPublicKey: Renting.SshKey));
    }

    [Fact]
    public async Task A_grid_that_sells_slices_without_machines_has_none_to_place()
    {
        Api renter = await host.RenterAsync();
        JsonElement rented = await host.RentNodeAsync(renter, await host.PublishAsync(slices: 2), sshPublicKey: Renting.SshKey);

        Refusal.AssertIs("RentalHasNoMachine", await PlaceAsync(renter, rented.GetProperty("rental").GetProperty("id").GetString()));
    }

    [Fact]
    public async Task Only_signed_in_callers_place_machines() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
            "placeMachine", new { rentalId = GlobalId.Encode("Rental", Guid.NewGuid()), idempotencyKey = host.NewKey() }));
}
