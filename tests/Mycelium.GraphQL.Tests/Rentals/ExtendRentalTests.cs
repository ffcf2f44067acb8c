using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class ExtendRentalTests(ApiHost host)
{
    private const string Extended = """
        ... on RentalExtended { charged previousEndsAt rental { status paid endsAt segments { number kind startsAt endsAt paid term { hours months } } } }
        ... on InsufficientFunds { missing }
        """;

    private const string Quoted = """
        query($input: ExtensionQuoteInput!) {
          answer: extensionQuote(input: $input) {
            __typename ... on Problem { message code }
            ... on ExtensionQuoted { quote { total owed listPrice discountPercent discountAmount endsAt validUntil token lines { label amount } } }
          }
        }
        """;

    private Task<JsonElement> ExtendAsync(Api renter, JsonElement rental, object? term = null, string? quoteToken = null, string? key = null) =>
        renter.MutateAsync(
            "extendRental",
            new { rentalId = rental.GetProperty("id").GetString(), term = term ?? new { hours = 24 }, quoteToken, idempotencyKey = key ?? host.NewKey() },
            Extended);

    private static async Task<JsonElement> QuoteAsync(Api renter, JsonElement rental, object term) =>
        (await renter.DataAsync(Quoted, new { input = new { rentalId = rental.GetProperty("id").GetString(), term } })).GetProperty("answer");

    [Fact]
    public async Task The_quote_is_charged_and_no_minute_is_lost()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync(dollars: 100);
        JsonElement rental = await renter.RentAsync(host.Input(node));
        JsonElement quote = Refusal.AssertNone("ExtensionQuoted", await QuoteAsync(renter, rental, new { months = 3 })).GetProperty("quote");
        await host.Farmer.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(node), pricePerSliceHour = "0.5" });

        JsonElement answer = Refusal.AssertNone(
            "RentalExtended", await ExtendAsync(renter, rental, new { months = 3 }, quote.GetProperty("token").GetString()));

        Assert.Equal(quote.GetProperty("total").GetDollars(), answer.GetProperty("charged").GetDollars());
        Assert.Equal(quote.GetProperty("total").GetDollars(), quote.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("amount").GetDollars()));
        JsonElement[] segments = [.. answer.GetProperty("rental").GetProperty("segments").EnumerateArray()];
        Assert.Equal(["TERM", "EXTENSION"], segments.Select(segment => segment.GetProperty("kind").GetString()));
        Assert.Equal(segments[0].GetProperty("endsAt").GetDateTimeOffset(), segments[1].GetProperty("startsAt").GetDateTimeOffset());
        Assert.Equal(rental.GetProperty("endsAt").GetDateTimeOffset(), answer.GetProperty("previousEndsAt").GetDateTimeOffset());
        Assert.Equal(quote.GetProperty("endsAt").GetDateTimeOffset(), answer.GetProperty("rental").GetProperty("endsAt").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_response_and_extends_once()
    {
        Api renter = await host.RenterAsync();
        JsonElement rental = await renter.RentAsync(host.Input(await host.PublishAsync()));
        string key = host.NewKey();

        JsonElement first = await ExtendAsync(renter, rental, key: key);
        JsonElement again = await ExtendAsync(renter, rental, key: key);

        Assert.Equal(first.GetProperty("previousEndsAt").GetDateTimeOffset(), again.GetProperty("previousEndsAt").GetDateTimeOffset());
        Assert.Equal(2, again.GetProperty("rental").GetProperty("segments").GetArrayLength());
        Refusal.AssertIs("IdempotencyKeyReused", await ExtendAsync(renter, rental, new { hours = 25 }, key: key));
    }

    [Fact]
    public async Task Every_reason_not_to_extend_is_an_answer_and_changes_nothing()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync(dollars: 1);
        JsonElement rental = await renter.RentAsync(host.Input(node));
        JsonElement other = await renter.RentAsync(host.Input(node));
        string token = (await QuoteAsync(renter, rental, new { hours = 1 })).GetProperty("quote").GetProperty("token").GetString()!;

        Refusal.AssertIs("InsufficientFunds", await ExtendAsync(renter, rental, new { months = 12 }));
        Refusal.AssertIs("RentalReachesTooFar", await ExtendAsync(renter, rental, new { hours = 8_760 }));
        Refusal.AssertIs("InvalidRentalTerm", await ExtendAsync(renter, rental, new { months = 2 }));
        Refusal.AssertIs("QuoteMismatch", await ExtendAsync(renter, rental, new { hours = 1 }, "not a token"));
        Refusal.AssertIs("QuoteMismatch", await ExtendAsync(renter, rental, new { hours = 2 }, token));
        Refusal.AssertIs("QuoteMismatch", await ExtendAsync(renter, other, new { hours = 1 }, token));
        Refusal.AssertIs("RentalNotFound", await ExtendAsync(await host.RenterAsync(), rental));
        Refusal.AssertNone("RentalExtended", await ExtendAsync(renter, rental, new { hours = 1 }, token));
        Refusal.AssertIs("QuoteUsed", await ExtendAsync(renter, rental, new { hours = 1 }, token));
        await host.Farmer.MutateAsync("unpublishNode", new { nodeId = ApiHost.Node(node) });
        Refusal.AssertIs("NodeUnavailable", await ExtendAsync(renter, rental));
        Refusal.AssertIs("NodeUnavailable", await QuoteAsync(renter, rental, new { hours = 1 }));
        Refusal.AssertNone("RentalCancelled", await renter.MutateAsync(
            "cancelRental", new { rentalId = rental.GetProperty("id").GetString(), idempotencyKey = host.NewKey() }));
        Refusal.AssertIs("RentalAlreadyEnded", await ExtendAsync(renter, rental));
        Refusal.AssertIs("RentalAlreadyEnded", await QuoteAsync(renter, rental, new { hours = 1 }));
        Refusal.AssertIs("RentalNotFound", await QuoteAsync(await host.RenterAsync(), rental, new { hours = 1 }));
        Refusal.AssertIs("InvalidRentalTerm", await QuoteAsync(renter, rental, new { hours = 0 }));
    }

    [Fact]
    public async Task Only_signed_in_callers_extend() =>
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync(
            "extendRental", new { rentalId = GlobalId.Encode("Rental", Guid.NewGuid()), term = new { hours = 1 }, idempotencyKey = host.NewKey() }));
}
