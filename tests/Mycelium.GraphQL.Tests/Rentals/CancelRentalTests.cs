using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class CancelRentalTests(ApiHost host)
{
    private const string Cancelled = "... on RentalCancelled { refund rental { status paid refunded endReason gridNode { freeSlices } } }";

    [Fact]
    public async Task The_unused_time_is_refunded_to_the_micro_dollar_and_the_slices_are_free()
    {
        long node = await host.PublishAsync(slices: 4);
        Api renter = await host.RenterAsync(dollars: 50);
        JsonElement rented = await renter.RentAsync(host.Input(node, multiplier: 4, term: new { hours = 100 }));

        JsonElement answer = Refusal.AssertNone("RentalCancelled", await CancelAsync(renter, rented, host.NewKey()));

        JsonElement rental = answer.GetProperty("rental");
        decimal refund = answer.GetProperty("refund").GetDollars();
        Assert.Equal(("CANCELLED", "CANCELLED_BY_RENTER"), (rental.GetProperty("status").GetString(), rental.GetProperty("endReason").GetString()));
        Assert.Equal(refund, rental.GetProperty("refunded").GetDollars());
        Assert.Equal(5.94m, refund); // 0.06 an hour for 100 hours, and the first hour is always paid.
        Assert.Equal(50 - 6m + refund, await renter.BalanceAsync());
        Assert.Equal(4, rental.GetProperty("gridNode").GetProperty("freeSlices").GetInt32());
    }

    [Fact]
    public async Task The_quote_comes_back_to_the_micro_dollar_and_is_the_renters_alone()
    {
        Api renter = await host.RenterAsync();
        Api other = await host.RenterAsync();
        JsonElement rented = await renter.RentAsync(host.Input(await host.PublishAsync(), term: new { months = 1 }));
        string? id = rented.GetProperty("id").GetString();
        JsonElement quote = Refusal.AssertNone("CancelQuoted", await QuoteAsync(renter, id)).GetProperty("quote");
        string? quoteToken = quote.GetProperty("token").GetString();

        Refusal.AssertIs("RentalNotFound", await QuoteAsync(other, id));
        Refusal.AssertIs("QuoteMismatch", await other.MutateAsync("cancelRental", new { rentalId = id, quoteToken, idempotencyKey = host.NewKey() }));
        Refusal.AssertIs("QuoteMismatch", await renter.MutateAsync(
            "cancelRental", new { rentalId = id, quoteToken = "not a token", idempotencyKey = host.NewKey() }));
        JsonElement answer = await renter.MutateAsync("cancelRental", new { rentalId = id, quoteToken, idempotencyKey = host.NewKey() }, Cancelled);

        Assert.Equal(quote.GetProperty("refund").GetDollars(), answer.GetProperty("refund").GetDollars());
        Assert.Equal(
            quote.GetProperty("refund").GetDollars(), quote.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("amount").GetDollars()));
        Refusal.AssertIs("RentalAlreadyEnded", await QuoteAsync(renter, id));

        static async Task<JsonElement> QuoteAsync(Api caller, string? rentalId) => (await caller.DataAsync(
            """
            query($rentalId: ID!) {
              answer: cancelQuote(rentalId: $rentalId) {
                __typename ... on Problem { message code } ... on CancelQuoted { quote { paid kept refund asOf validUntil token lines { label amount } } }
              }
            }
            """, new { rentalId })).GetProperty("answer");
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_response_and_refunds_once()
    {
        Api renter = await host.RenterAsync();
        JsonElement rented = await renter.RentAsync(host.Input(await host.PublishAsync()));
        string key = host.NewKey();

        JsonElement first = await CancelAsync(renter, rented, key);
        decimal balance = await renter.BalanceAsync();
        JsonElement again = await CancelAsync(renter, rented, key);

        Assert.Equal(first.GetProperty("refund").GetDollars(), again.GetProperty("refund").GetDollars());
        Assert.Equal(balance, await renter.BalanceAsync());
    }

    [Fact]
    public async Task A_key_used_for_another_rental_is_refused()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        JsonElement one = await renter.RentAsync(host.Input(node));
        JsonElement other = await renter.RentAsync(host.Input(node));
        string key = host.NewKey();
        await CancelAsync(renter, one, key);

        Refusal.AssertIs("IdempotencyKeyReused", await CancelAsync(renter, other, key));
    }

    [Fact]
    public async Task A_rental_that_has_ended_cannot_be_cancelled_again()
    {
        Api renter = await host.RenterAsync();
        JsonElement rented = await renter.RentAsync(host.Input(await host.PublishAsync()));
        await CancelAsync(renter, rented, host.NewKey());

        Refusal.AssertIs("RentalAlreadyEnded", await CancelAsync(renter, rented, host.NewKey()));
    }

    [Fact]
    public async Task Another_renters_rental_is_as_unknown_as_a_nonexistent_one()
    {
        JsonElement rented = await (await host.RenterAsync()).RentAsync(host.Input(await host.PublishAsync()));
        Api other = await host.RenterAsync();

        Refusal.AssertIs("RentalNotFound", await CancelAsync(other, rented, host.NewKey()));
        Refusal.AssertIs("RentalNotFound", await other.MutateAsync(
            "cancelRental", new { rentalId = GlobalId.Encode("Rental", Guid.NewGuid()), idempotencyKey = host.NewKey() }));
    }

    [Fact]
    public async Task Cancelling_too_often_is_refused_with_a_retry_time_and_keeps_the_rental()
    {
        await using Replica strict = host.StartReplica(("RentalLimits:CancellationsPerHour", "1"));
        long node = await host.PublishAsync();
        Api renter = host.Client((await host.RenterAsync()).Token, strict.Address);
        JsonElement one = await renter.RentAsync(host.Input(node));
        JsonElement other = await renter.RentAsync(host.Input(node));
        Refusal.AssertNone("RentalCancelled", await CancelAsync(renter, one, host.NewKey()));

        JsonElement answer = await renter.MutateAsync(
            "cancelRental", new { rentalId = other.GetProperty("id").GetString(), idempotencyKey = host.NewKey() },
            "... on RentalLimitReached { limit reached max retryAt }");

        Refusal.AssertIs("RentalLimitReached", answer);
        Assert.Equal(
            ("CANCELLATIONS_PER_HOUR", 1, 1),
            (answer.GetProperty("limit").GetString(), answer.GetProperty("reached").GetInt32(), answer.GetProperty("max").GetInt32()));
        Assert.InRange(answer.GetProperty("retryAt").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(59), DateTimeOffset.UtcNow.AddMinutes(61));
        JsonElement kept = await renter.DataAsync(
            "query($id: ID!) { node(id: $id) { ... on Rental { status } } }", new { id = other.GetProperty("id").GetString() });
        Assert.Equal("ACTIVE", kept.GetProperty("node").GetProperty("status").GetString());
    }

    [Fact]
    public async Task Only_signed_in_callers_cancel() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
            "cancelRental", new { rentalId = GlobalId.Encode("Rental", Guid.NewGuid()), idempotencyKey = host.NewKey() }));

    private static Task<JsonElement> CancelAsync(Api renter, JsonElement rental, string idempotencyKey) =>
        renter.MutateAsync("cancelRental", new { rentalId = rental.GetProperty("id").GetString(), idempotencyKey }, Cancelled);
}
