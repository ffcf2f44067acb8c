using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.GraphQL.Tests.Names;
using Mycelium.GraphQL.Tests.Provisioning;
using Mycelium.GridStandIn.Faults;

namespace Mycelium.GraphQL.Tests.Rentals;

/// <summary>Refusals that need another state of the rental, its node, its account or the server than the usual one.</summary>
[Collection(ApiCollection.Name)]
public sealed class LateRefusalTests(ApiHost host)
{
    private Task<JsonElement> ExtendAsync(Api renter, string? rentalId, string? quoteToken = null, string? key = null) => renter.MutateAsync(
        "extendRental", new { rentalId, term = new { hours = 1 }, quoteToken, idempotencyKey = key ?? host.NewKey() });

    private Task<JsonElement> CancelAsync(Api renter, string? rentalId, string? quoteToken = null) => renter.MutateAsync(
        "cancelRental", new { rentalId, quoteToken, idempotencyKey = host.NewKey() });

    private Task<JsonElement> MoveAsync(Api renter, string? rentalId, long gridId, string? key = null) => renter.MutateAsync(
        "moveRental", new { rentalId, sliceCombinationId = ApiHost.Combination(gridId), idempotencyKey = key ?? host.NewKey() });

    private static async Task<JsonElement> QuoteAsync(Api renter, string? rentalId) => (await renter.DataAsync(
        """
        query($input: ExtensionQuoteInput!) {
          answer: extensionQuote(input: $input) { __typename ... on Problem { message code } ... on ExtensionQuoted { quote { token } } }
        }
        """, new { input = new { rentalId, term = new { hours = 1 } } })).GetProperty("answer");

    private Task<JsonElement> PlaceAsync(Api renter, string? rentalId, string? key = null) => renter.MutateAsync(
        "placeMachine", new { rentalId, slices = 1, idempotencyKey = key ?? host.NewKey() }, "... on MachinePlaced { rental { id } }");

    private async Task<string?> RentedAsync(Api renter, long node) => (await renter.RentAsync(host.Input(node))).GetProperty("id").GetString();

    [Fact]
    public async Task While_its_machine_is_made_a_rental_is_neither_extended_nor_moved()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host);
        provisioned.Provisioner.Faults.Add(new Fault { Path = "/provisioner/machines", Status = 503 });
        (Api renter, string rental) = await provisioned.RentAsync();

        Refusal.AssertIs("RentalNotActive", await ExtendAsync(renter, rental));
        Refusal.AssertIs("RentalNotActive", await QuoteAsync(renter, rental));
        Refusal.AssertIs("RentalNotActive", await MoveAsync(renter, rental, await host.PublishAsync()));
        Refusal.AssertNone("RentalCancelled", await CancelAsync(renter, rental));
    }

    [Fact]
    public async Task A_rental_is_not_extended_with_another_farmer()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        string? rental = await RentedAsync(renter, node);
        Guid other = (await ApiHost.AccountIdAsync(await host.RenterAsync())).Value;
        // The farm was sold: the grid says who owns it, which no operation of ours does.
        await host.SqlAsync(
            $"""
            BEGIN; SET LOCAL session_replication_role = replica;
            UPDATE nodes SET farmer_id = '{other}', version = version + 1 WHERE grid = 'main' AND grid_id = {node};
            COMMIT
            """);

        Refusal.AssertIs("FarmerChanged", await ExtendAsync(renter, rental));
        Refusal.AssertIs("FarmerChanged", await QuoteAsync(renter, rental));
        Refusal.AssertNone("RentalCancelled", await CancelAsync(renter, rental));
    }

    [Fact]
    public async Task A_quote_whose_time_is_over_is_refused()
    {
        await using Replica hasty = host.StartReplica(("Pricing:QuoteLifetime", "00:00:00.001"), ("Rentals:CancelQuoteLifetime", "00:00:00.001"));
        long node = await host.PublishAsync(), empty = await host.PublishAsync(slices: 4);
        Api renter = host.Client((await host.RenterAsync(dollars: 100)).Token, hasty.Address);
        string? rental = await RentedAsync(renter, node);
        string? extension = (await QuoteAsync(renter, rental)).GetProperty("quote").GetProperty("token").GetString();
        string? whole = Refusal.AssertNone("NodeQuoted", await renter.QuoteNodeAsync(empty)).GetProperty("quote").GetProperty("token").GetString();
        JsonElement cancellation = (await renter.DataAsync(
            "query($id: ID!) { cancelQuote(rentalId: $id) { __typename ... on CancelQuoted { quote { token } } } }", new { id = rental }))
            .GetProperty("cancelQuote");

        Refusal.AssertIs("QuoteExpired", await ExtendAsync(renter, rental, extension));
        Refusal.AssertIs("QuoteExpired", await CancelAsync(renter, rental, cancellation.GetProperty("quote").GetProperty("token").GetString()));
        Refusal.AssertIs("QuoteExpired", await host.RentNodeAsync(renter, empty, quoteToken: whole));
    }

    [Fact]
    public async Task A_grid_without_a_provisioner_takes_no_rental_in()
    {
        await using Replica closed = host.StartReplica(("Provisioner", ""));
        long node = await host.PublishAsync(), target = await host.PublishAsync(slices: 4);
        Api open = await host.RenterAsync(), renter = host.Client(open.Token, closed.Address);
        string? rental = await RentedAsync(open, node);

        Refusal.AssertIs("GridHasNoProvisioner", await MoveAsync(renter, rental, target));
        Refusal.AssertIs("GridHasNoProvisioner", await host.RentNodeAsync(renter, target));
    }

    [Fact]
    public async Task Who_owes_reserves_no_name_and_withdraws_nothing()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await provisioned.RentAsync();
        await Provisioned.AccessAsync(renter, rental, "READY");
        await host.LetWaitInGraceAsync(rental);

        Refusal.AssertIs("AccountOwes", await renter.ReserveAsync(Naming.NewName(), rental, host.NewKey()));
        Refusal.AssertNone("RentalCancelled", await CancelAsync(renter, rental));
    }

    [Fact]
    public async Task A_name_leads_to_rentals_of_its_own_grid()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host);
        (Api renter, string rental) = await provisioned.RentAsync();
        string? id = Refusal.AssertNone("NameReserved", await renter.ReserveAsync(Naming.NewName(), rental, host.NewKey()))
            .GetProperty("name").GetProperty("id").GetString();
        Dictionary<string, object?> input = host.Input(1);
        input["sliceCombinationId"] = (await renter.DataAsync(
            """{ sliceCombinations(first: 1, where: { quantityAvailable: { gt: 0 }, grid: { eq: "test" } }) { nodes { id } } }"""))
            .GetProperty("sliceCombinations").GetProperty("nodes")[0].GetProperty("id").GetString();
        string? elsewhere = (await renter.RentAsync(input)).GetProperty("id").GetString();

        Refusal.AssertIs("RentalOnOtherGrid", await renter.PointAsync(id, elsewhere));
        Refusal.AssertIs("RentalOnOtherGrid", await renter.ReserveAsync(Naming.NewName(), elsewhere, host.NewKey()));
    }

    [Fact]
    public async Task Machines_count_among_the_rentals_of_an_hour()
    {
        await using Provisioned provisioned = await Provisioned.StartAsync(host, ("RentalLimits:RentalsPerHour", "2"));
        Api renter = provisioned.As(await host.RenterAsync());
        JsonElement rented = Refusal.AssertNone(
            "NodeRented", await host.RentNodeAsync(renter, await host.PublishAsync(slices: 4), sshPublicKey: Renting.SshKey));
        string? hostId = rented.GetProperty("rental").GetProperty("id").GetString();

        JsonElement placed = Refusal.AssertNone("MachinePlaced", await PlaceAsync(renter, hostId));
        Refusal.AssertIs("RentalLimitReached", await PlaceAsync(renter, hostId));
        Refusal.AssertIs("MachineFollowsHost", await QuoteAsync(renter, placed.GetProperty("rental").GetProperty("id").GetString()));
        Refusal.AssertNone("RentalCancelled", await CancelAsync(renter, hostId));
    }

    [Fact]
    public async Task A_metered_rental_has_no_quote_to_extend()
    {
        Api renter = await host.RenterAsync();
        Dictionary<string, object?> input = host.Input(await host.PublishAsync());
        input.Remove("term");
        input["billing"] = "METERED";

        Refusal.AssertIs("RentalIsMetered", await QuoteAsync(renter, (await renter.RentAsync(input)).GetProperty("id").GetString()));
    }

    [Fact]
    public async Task A_short_key_is_refused_by_everything_that_takes_one()
    {
        Api renter = await host.RenterAsync();
        long node = await host.PublishAsync();
        string? rental = await RentedAsync(renter, node);

        Refusal.AssertIs("InvalidInput", await ExtendAsync(renter, rental, key: "short"));
        Refusal.AssertIs("InvalidInput", await MoveAsync(renter, rental, node, "short"));
        Refusal.AssertIs("InvalidInput", await PlaceAsync(renter, rental, "short"));
        Refusal.AssertIs("InvalidInput", await renter.MutateAsync(
            "rentNode", new { nodeId = ApiHost.Node(node), term = new { hours = 1 }, idempotencyKey = "short" }));
        Refusal.AssertIs("InvalidInput", await renter.ReserveAsync(Naming.NewName(), rental, "short"));
        Refusal.AssertIs("InvalidInput", await host.Operator.MutateAsync(
            "depositFunds", new { accountId = await ApiHost.GlobalIdAsync(renter), amount = 1, idempotencyKey = "short" }));
    }
}
