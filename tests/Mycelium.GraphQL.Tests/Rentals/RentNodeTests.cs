using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class RentNodeTests(ApiHost host)
{
    private const string Market =
        """
        query($id: ID!) { node(id: $id) { ... on GridNode {
          isSellable unavailability allocatedSlices freeSlices sliceCombinations { multiplier quantityAvailable } } } }
        """;

    private static async Task<JsonElement> NodeAsync(Api caller, long node) =>
        (await caller.DataAsync(Market, new { id = ApiHost.Node(node) })).GetProperty("node");

    private static Task<JsonElement> CancelAsync(Api renter, JsonElement rental, string key) =>
        renter.MutateAsync("cancelRental", new { rentalId = rental.GetProperty("id").GetString(), idempotencyKey = key }, "... on RentalCancelled { refund }");

    [Fact]
    public async Task A_whole_node_costs_half_and_leaves_the_market_until_it_ends()
    {
        long node = await host.PublishAsync(slices: 8);
        Api renter = await host.RenterAsync(dollars: 200);
        JsonElement quote = Refusal.AssertNone("NodeQuoted", await renter.QuoteNodeAsync(node, new { months = 3 })).GetProperty("quote");

        JsonElement rental = Refusal.AssertNone("NodeRented", await host.RentNodeAsync(
            renter, node, new { months = 3 }, quote.GetProperty("token").GetString())).GetProperty("rental");

        Assert.Equal(0.06m, quote.GetProperty("pricePerHour").GetDollars());
        Assert.Equal(0.06m * 2_160 * 0.95m, quote.GetProperty("total").GetDollars());
        Assert.Equal(quote.GetProperty("total").GetDollars(), quote.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("amount").GetDollars()));
        Assert.Equal(3, quote.GetProperty("lines").GetArrayLength());
        Assert.Equal(quote.GetProperty("total").GetDollars(), rental.GetProperty("paid").GetDollars());
        Assert.Equal(
            ("WHOLE_NODE", "ACTIVE", 8, 50m, "NONE"),
            (rental.GetProperty("kind").GetString(), rental.GetProperty("status").GetString(), rental.GetProperty("sliceTotal").GetInt32(),
                rental.GetProperty("nodeDiscountPercent").GetDecimal(), rental.GetProperty("access").GetProperty("state").GetString()));
        JsonElement rented = await NodeAsync(renter, node);
        Assert.Equal(
            (false, "RENTED_WHOLE", 8), (rented.GetProperty("isSellable").GetBoolean(), rented.GetProperty("unavailability").GetString(),
                rented.GetProperty("allocatedSlices").GetInt32()));
        Assert.All(rented.GetProperty("sliceCombinations").EnumerateArray(), one => Assert.Equal(0, one.GetProperty("quantityAvailable").GetInt32()));
        Refusal.AssertIs("NodeUnavailable", await (await host.RenterAsync()).MutateAsync("rentSlices", host.Input(node), Renting.Rented));

        Refusal.AssertNone("RentalCancelled", await CancelAsync(renter, rental, host.NewKey()));

        JsonElement free = await NodeAsync(renter, node);
        Assert.Equal((true, JsonValueKind.Null, 8), (
            free.GetProperty("isSellable").GetBoolean(), free.GetProperty("unavailability").ValueKind, free.GetProperty("freeSlices").GetInt32()));
        Assert.Equal(200 - 0.06m, await renter.BalanceAsync()); // An hour.
        await host.AssertMoneyAddsUpAsync();
    }

    [Fact]
    public async Task What_a_node_gains_while_it_is_rented_whole_is_not_sold()
    {
        long node = await host.PublishAsync(slices: 4);
        Api renter = await host.RenterAsync();
        Refusal.AssertNone("NodeRented", await host.RentNodeAsync(renter, node));
        await host.SqlAsync("UPDATE nodes SET slice_capacity = 8, version = version + 1 WHERE grid = 'main' AND grid_id = $1", node);

        Refusal.AssertIs("NodeUnavailable", await (await host.RenterAsync()).MutateAsync("rentSlices", host.Input(node), Renting.Rented));
        Refusal.AssertIs("NodeUnavailable", await (await host.RenterAsync()).MutateAsync(
            "reserveSlices", new { sliceCombinationId = ApiHost.Combination(node), idempotencyKey = host.NewKey() }));
        Refusal.AssertIs("NodeAlreadyRented", await host.RentNodeAsync(await host.RenterAsync(), node));
    }

    [Fact]
    public async Task A_whole_node_is_extended_renewed_and_named_as_slices_are()
    {
        long node = await host.PublishAsync(slices: 2);
        Api renter = await host.RenterAsync();
        JsonElement rental = Refusal.AssertNone("NodeRented", await host.RentNodeAsync(renter, node, name: "rack")).GetProperty("rental");
        string? rentalId = rental.GetProperty("id").GetString();

        JsonElement extended = Refusal.AssertNone("RentalExtended", await renter.MutateAsync(
            "extendRental", new { rentalId, term = new { months = 3 }, idempotencyKey = host.NewKey() }, "... on RentalExtended { charged rental { name } }"));
        JsonElement renewing = Refusal.AssertNone("AutoRenewSet", await renter.MutateAsync(
            "setAutoRenew", new { rentalId, maxPricePerHour = "0.015" }, "... on AutoRenewSet { rental { autoRenew { maxPricePerHour } } }"));

        Assert.Equal(0.015m * 2_160 * 0.95m, extended.GetProperty("charged").GetDollars());
        Assert.Equal("rack", extended.GetProperty("rental").GetProperty("name").GetString());
        Assert.Equal(0.015m, renewing.GetProperty("rental").GetProperty("autoRenew").GetProperty("maxPricePerHour").GetDollars());
        Assert.Equal( // The next renewal, at the discount: its price is just what the renter allows.
            0.015m * 2_160 * 0.95m,
            (await renter.DataAsync("{ me { wallet { committed } } }")).GetProperty("me").GetProperty("wallet").GetProperty("committed").GetDollars());
        Refusal.AssertIs("WholeNodeStays", await renter.MutateAsync(
            "moveRental", new { rentalId, sliceCombinationId = ApiHost.Combination(node), idempotencyKey = host.NewKey() }));
        Refusal.AssertIs("RentalHasNoMachine", await renter.MutateAsync("retryProvisioning", new { rentalId }));
        await host.AssertMoneyAddsUpAsync();
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_response_and_rents_once()
    {
        long node = await host.PublishAsync(slices: 2);
        Api renter = await host.RenterAsync();
        string key = host.NewKey();

        JsonElement first = await host.RentNodeAsync(renter, node, key: key);
        JsonElement again = await host.RentNodeAsync(renter, node, key: key);

        Assert.Equal(first.GetProperty("rental").GetProperty("id").GetString(), again.GetProperty("rental").GetProperty("id").GetString());
        Assert.Equal(100 - 0.015m * 24, await renter.BalanceAsync());
        Refusal.AssertIs("IdempotencyKeyReused", await host.RentNodeAsync(renter, node, new { hours = 25 }, key: key));
    }

    [Fact]
    public async Task Every_reason_not_to_rent_a_node_is_an_answer_and_changes_nothing()
    {
        long node = await host.PublishAsync(slices: 4), held = await host.PublishAsync(slices: 4), used = await host.PublishAsync(slices: 4);
        long hidden = await host.RegisterAsync(), empty = await host.PublishAsync(slices: 4);
        Api renter = await host.RenterAsync(dollars: 2), other = await host.RenterAsync();
        await other.RentAsync(host.Input(used));
        Refusal.AssertNone("SlicesReserved", await other.MutateAsync(
            "reserveSlices", new { sliceCombinationId = ApiHost.Combination(held), idempotencyKey = host.NewKey() }));
        await host.SqlAsync("UPDATE nodes SET slice_capacity = 0, version = version + 1 WHERE grid = 'main' AND grid_id = $1", empty);
        string token = Refusal.AssertNone("NodeQuoted", await renter.QuoteNodeAsync(node)).GetProperty("quote").GetProperty("token").GetString()!;
        string slices = (await renter.QuotedAsync(node, quantity: 4)).GetProperty("token").GetString()!;

        Refusal.AssertIs("InsufficientFunds", await host.RentNodeAsync(renter, node, new { months = 12 }));
        Refusal.AssertIs("InvalidRentalTerm", await host.RentNodeAsync(renter, node, new { months = 2 }));
        Refusal.AssertIs("InvalidRentalName", await host.RentNodeAsync(renter, node, name: " "));
        Refusal.AssertIs("InvalidSshPublicKey", await host.RentNodeAsync(renter, node, sshPublicKey: "no key"));
        Refusal.AssertIs("QuoteMismatch", await host.RentNodeAsync(renter, node, quoteToken: "not a token"));
        Refusal.AssertIs("QuoteMismatch", await host.RentNodeAsync(renter, node, quoteToken: slices));
        Refusal.AssertIs("QuoteMismatch", await renter.MutateAsync("rentSlices", host.Input(node, quantity: 4, quoteToken: token), Renting.Rented));
        Refusal.AssertIs("QuoteMismatch", await host.RentNodeAsync(other, node, quoteToken: token));
        Refusal.AssertIs("QuoteMismatch", await host.RentNodeAsync(renter, node, new { hours = 25 }, token));
        Refusal.AssertIs("NodeNotFound", await host.RentNodeAsync(renter, 999_999_999));
        Refusal.AssertIs("NodeHasRentals", await host.RentNodeAsync(renter, used));
        Refusal.AssertIs("NodeHasRentals", await host.RentNodeAsync(renter, held));
        Refusal.AssertIs("NodeNotAvailable", await host.RentNodeAsync(renter, hidden));
        Refusal.AssertIs("NodeNotAvailable", await host.RentNodeAsync(renter, empty));
        Refusal.AssertIs("NodeNotAvailable", await renter.QuoteNodeAsync(hidden));
        Refusal.AssertIs("NodeNotFound", await renter.QuoteNodeAsync(999_999_999));
        Refusal.AssertIs("InvalidRentalTerm", await renter.QuoteNodeAsync(node, new { hours = 0 }));
        Assert.Equal(2, await renter.BalanceAsync());
        Refusal.AssertNone("NodeRented", await host.RentNodeAsync(renter, node, quoteToken: token));
        Refusal.AssertIs("QuoteUsed", await host.RentNodeAsync(renter, hidden, quoteToken: token));
        Refusal.AssertIs("NodeAlreadyRented", await host.RentNodeAsync(renter, node));
        Refusal.AssertIs("NodeAlreadyRented", await renter.QuoteNodeAsync(node));
        JsonElement rental = await renter.RentAsync(host.Input(used));
        await host.LetWaitInGraceAsync(rental.GetProperty("id").GetString()!);
        Refusal.AssertIs("AccountOwes", await host.RentNodeAsync(renter, await host.PublishAsync()));
    }

    [Fact]
    public async Task A_whole_node_counts_towards_what_an_account_may_hold_and_its_machines_do_not()
    {
        await using Replica strict = host.StartReplica(("RentalLimits:ActiveSlices", "4"));
        Api renter = host.Client((await host.RenterAsync()).Token, strict.Address);

        Refusal.AssertIs("RentalLimitReached", await host.RentNodeAsync(renter, await host.PublishAsync(slices: 5)));
        Refusal.AssertNone("NodeRented", await host.RentNodeAsync(renter, await host.PublishAsync(slices: 4)));
    }

    [Fact]
    public async Task Of_a_whole_node_and_slices_of_it_at_once_one_is_rented()
    {
        Api[] renters = [await host.RenterAsync(dollars: 1_000), await host.RenterAsync(dollars: 1_000), await host.RenterAsync(dollars: 1_000)];
        for (int round = 0; round < 20; round++)
        {
            long node = await host.PublishAsync(slices: 4);

            JsonElement[] answers = await Task.WhenAll(
                host.RentNodeAsync(renters[0], node), renters[1].MutateAsync("rentSlices", host.Input(node), Renting.Rented),
                host.RentNodeAsync(renters[2], node));

            string[] kinds = [.. answers.Select(answer => answer.GetProperty("__typename").GetString()!)];
            Assert.True(kinds.Count(kind => kind is "NodeRented" or "SlicesRented") == 1, string.Join(' ', kinds));
            Assert.All(kinds, kind => Assert.Contains(
                kind, (string[])["NodeRented", "SlicesRented", "NodeHasRentals", "NodeAlreadyRented", "NodeUnavailable", "NodeContended"]));
            foreach ((Api renter, JsonElement answer) in renters.Zip(answers).Where(pair => pair.Second.TryGetProperty("rental", out _)))
                await CancelAsync(renter, answer.GetProperty("rental"), host.NewKey());
        }
        await host.AssertMoneyAddsUpAsync();
    }

    [Fact]
    public async Task Only_signed_in_callers_rent_a_node() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
            "rentNode", new { nodeId = ApiHost.Node(1), term = new { hours = 1 }, idempotencyKey = host.NewKey() }));
}

/// <summary>Requests about whole nodes that several tests send.</summary>
internal static class WholeNodes
{
    public const string Rental =
        """
        id kind status paid pricePerHour sliceTotal nodeDiscountPercent name endsAt endReason access { state }
        machines { id sliceTotal } hostRental { id } gridNode { gridId }
        """;

    public static Task<JsonElement> RentNodeAsync(
        this ApiHost host, Api renter, long gridId, object? term = null, string? quoteToken = null, string? name = null, string? key = null,
        string? sshPublicKey = null) => renter.MutateAsync(
            "rentNode",
            new
            {
                nodeId = ApiHost.Node(gridId),
                term = term ?? new { hours = 24 },
                quoteToken,
                name,
                sshPublicKey,
                idempotencyKey = key ?? host.NewKey(),
            },
            $"... on NodeRented {{ rental {{ {Rental} }} }}");

    public static async Task<JsonElement> QuoteNodeAsync(this Api caller, long gridId, object? term = null) => (await caller.DataAsync(
        """
        query($input: NodeQuoteInput!) {
          answer: nodeQuote(input: $input) {
            __typename ... on Problem { message code }
            ... on NodeQuoted { quote { total listPrice pricePerHour slicesPricePerHour nodeDiscountPercent validUntil token lines { label amount } } }
          }
        }
        """, new { input = new { nodeId = ApiHost.Node(gridId), term = term ?? new { hours = 24 } } })).GetProperty("answer");

    /// <summary>Everything that must hold of money, and of what is rented, at every instant.</summary>
    public static async Task AssertMoneyAddsUpAsync(this ApiHost host)
    {
        Assert.Equal(0m, await host.ScalarAsync("SELECT sum(amount) FROM ledger_postings"));
        JsonElement money = (await host.Operator.DataAsync("{ reconciliation { difference } }")).GetProperty("reconciliation");
        Assert.Equal(0, money.GetProperty("difference").GetDollars());
    }
}
