using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Rentals;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Rentals;

[Collection(ApiCollection.Name)]
public sealed class RentSlicesTests(ApiHost host)
{
    [Fact]
    public async Task The_quoted_price_is_charged_to_the_wallet_to_the_micro_dollar()
    {
        long node = await host.PublishAsync(slices: 8, pricePerSlice: 0.012347m);
        Api renter = await host.RenterAsync(dollars: 1_000);
        JsonElement quote = await renter.QuotedAsync(node, multiplier: 2, quantity: 3, term: new { months = 3 });

        JsonElement rental = await renter.RentAsync(
            host.Input(node, multiplier: 2, quantity: 3, term: new { months = 3 }, quoteToken: quote.GetProperty("token").GetString()));

        // 0.012347 × 6 slices × 2160 hours, 5 % off.
        Assert.Equal(152.016264m, quote.GetProperty("total").GetDollars());
        Assert.Equal(152.016264m, quote.GetProperty("lines").EnumerateArray().Sum(line => line.GetProperty("amount").GetDollars()));
        Assert.Equal(152.016264m, rental.GetProperty("paid").GetDollars());
        Assert.Equal(1_000 - 152.016264m, await renter.BalanceAsync());
        Assert.Equal((6, "ACTIVE"), (rental.GetProperty("sliceTotal").GetInt32(), rental.GetProperty("status").GetString()));
        Assert.Equal(TimeSpan.FromHours(2_160), rental.GetProperty("endsAt").GetDateTimeOffset() - rental.GetProperty("startsAt").GetDateTimeOffset());
        Assert.Equal(2, await FreeSlicesAsync(node));
    }

    [Fact]
    public async Task A_quote_is_honoured_after_the_price_has_changed()
    {
        long node = await host.PublishAsync(pricePerSlice: 0.010m);
        Api renter = await host.RenterAsync();
        JsonElement quote = await renter.QuotedAsync(node);

        await host.Farmer.MutateAsync("setNodePricing", new { nodeId = ApiHost.Node(node), pricePerSliceHour = 0.020m });
        JsonElement quoted = await renter.RentAsync(host.Input(node, quoteToken: quote.GetProperty("token").GetString()));
        JsonElement unquoted = await renter.RentAsync(host.Input(node));

        Assert.Equal(0.24m, quoted.GetProperty("paid").GetDollars());
        Assert.Equal(0.48m, unquoted.GetProperty("paid").GetDollars());
    }

    [Fact]
    public async Task A_repeated_request_gets_the_first_response_and_is_charged_once()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync(dollars: 10);
        Dictionary<string, object?> input = host.Input(node);

        JsonElement first = await renter.RentAsync(input);
        JsonElement again = await renter.RentAsync(input);

        Assert.Equal(first.GetProperty("id").GetString(), again.GetProperty("id").GetString());
        Assert.Equal(10 - 0.36m, await renter.BalanceAsync());
        Assert.Equal(7, await FreeSlicesAsync(node));
    }

    [Fact]
    public async Task A_key_used_for_other_input_is_refused()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        Dictionary<string, object?> input = host.Input(node);
        await renter.RentAsync(input);

        input["quantity"] = 2;

        Refusal.AssertIs("IdempotencyKeyReused", await RentAsync(renter, input));
        Assert.Equal(7, await FreeSlicesAsync(node));
    }

    [Theory]
    [InlineData("quantity", 0, "InvalidQuantity")]
    [InlineData("quantity", 1_001, "InvalidQuantity")]
    [InlineData("quantity", 9, "NotEnoughSlices")]
    [InlineData("hours", 0, "InvalidRentalTerm")]
    [InlineData("hours", 8_761, "InvalidRentalTerm")]
    [InlineData("months", 2, "InvalidRentalTerm")]
    [InlineData("sshPublicKey", "ssh-ed25519 AAAA", "InvalidSshPublicKey")]
    [InlineData("sshPublicKey", "-----BEGIN OPENSSH PRIVATE KEY-----", "InvalidSshPublicKey")]
    [InlineData("quoteToken", "not a token", "QuoteMismatch")]
    public async Task An_impossible_request_is_refused_and_costs_nothing(string field, object value, string refusal)
    {
        long node = await host.PublishAsync(slices: 8);
        Api renter = await host.RenterAsync(dollars: 100);
        Dictionary<string, object?> input = host.Input(node);
        if (field is "hours" or "months")
            input["term"] = new Dictionary<string, object> { [field] = value };
        else
            input[field] = value;

        Refusal.AssertIs(refusal, await RentAsync(renter, input));

        Assert.Equal(100, await renter.BalanceAsync());
        Assert.Equal(8, await FreeSlicesAsync(node));
    }

    /// <summary>C# and Go serialise an object with all of its members.</summary>
    [Theory]
    [InlineData("""{ "hours": null, "months": 3 }""", 2_160)]
    [InlineData("""{ "hours": 5, "months": null }""", 5)]
    [InlineData("""{ "months": 1 }""", 720)]
    public async Task Null_in_a_term_counts_as_not_given(string term, int hours)
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync();

        JsonElement rental = await renter.RentAsync(host.Input(node, term: JsonNode.Parse(term)));

        Assert.Equal(hours, rental.GetProperty("term").GetProperty("hours").GetInt32());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{ "hours": null }""")]
    [InlineData("""{ "hours": null, "months": null }""")]
    [InlineData("""{ "hours": 5, "months": 3 }""")]
    public async Task A_term_is_exactly_one_of_hours_and_months(string term)
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync();

        JsonElement rented = await RentAsync(renter, host.Input(node, term: JsonNode.Parse(term)));
        JsonElement quoted = await renter.QuoteAsync(node, term: JsonNode.Parse(term));
        foreach (JsonElement answer in (JsonElement[])[rented, quoted])
        {
            Refusal.AssertIs("InvalidRentalTerm", answer);
            Assert.Equal("`term` needs exactly one of `hours` and `months`.", answer.GetProperty("message").GetString());
        }
    }

    [Fact]
    public async Task Insufficient_funds_are_refused_with_the_missing_amount()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync(dollars: 0.359999m);

        JsonElement answer = await renter.MutateAsync("rentSlices", host.Input(node), "... on InsufficientFunds { balance required missing }");

        Refusal.AssertIs("InsufficientFunds", answer);
        Assert.Equal(0.36m, answer.GetProperty("required").GetDollars());
        Assert.Equal(0.000001m, answer.GetProperty("missing").GetDollars());
    }

    [Fact]
    public async Task A_tampered_quote_token_is_refused()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        string token = (await renter.QuotedAsync(node)).GetProperty("token").GetString()!;
        string tampered = token[..^8] + (token[^8] == 'A' ? 'B' : 'A') + token[^7..];

        Refusal.AssertIs("QuoteMismatch", await RentAsync(renter, host.Input(node, quoteToken: tampered)));
        Refusal.AssertIs("QuoteMismatch", await RentAsync(renter, host.Input(node, quantity: 2, quoteToken: token)));
    }

    [Fact]
    public async Task A_quote_belongs_to_its_caller_and_works_once()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        string? token = (await renter.QuotedAsync(node)).GetProperty("token").GetString();

        Refusal.AssertIs("QuoteMismatch", await RentAsync(await host.RenterAsync(), host.Input(node, quoteToken: token)));
        Dictionary<string, object?> input = host.Input(node, quoteToken: token);
        string? rental = (await renter.RentAsync(input)).GetProperty("id").GetString();
        JsonElement again = await renter.MutateAsync("rentSlices", host.Input(node, quoteToken: token), "... on QuoteUsed { rentalId }");

        Refusal.AssertIs("QuoteUsed", again);
        Assert.Equal(rental, again.GetProperty("rentalId").GetString());
        Assert.Equal(rental, (await renter.RentAsync(input)).GetProperty("id").GetString());
    }

    [Fact]
    public async Task An_anonymous_caller_gets_the_price_without_a_token()
    {
        JsonElement quote = await host.Anyone.QuotedAsync(await host.PublishAsync(pricePerSlice: 0.01m));

        Assert.Equal((JsonValueKind.Null, 0.24m), (quote.GetProperty("token").ValueKind, quote.GetProperty("total").GetDollars()));
    }

    [Fact]
    public async Task A_quote_from_too_long_ago_is_refused()
    {
        long node = await host.PublishAsync();
        await using MyceliumDb db = await host.Replica.Get<IDbContextFactory<MyceliumDb>>().CreateDbContextAsync();
        GridNode stored = await db.GridNodes.SingleAsync(row => row.Id == new NodeId(node));
        string token = host.Replica.Get<QuoteTokens>().Seal(Quote.For(A.Wish(node), stored, A.Policy, TimeProvider.System.GetUtcNow().AddHours(-1)));

        Refusal.AssertIs("QuoteExpired", await RentAsync(await host.RenterAsync(), host.Input(node, quoteToken: token)));
    }

    [Fact]
    public async Task A_combination_that_no_node_offers_is_not_found()
    {
        long node = await host.PublishAsync(slices: 8);
        Api renter = await host.RenterAsync();

        Refusal.AssertIs("SliceCombinationNotFound", await RentAsync(renter, host.Input(node, multiplier: 3)));
        Refusal.AssertIs("SliceCombinationNotFound", await RentAsync(renter, host.Input(node, multiplier: 16)));
        Refusal.AssertIs("SliceCombinationNotFound", await RentAsync(renter, host.Input(gridId: 77_777_777)));
    }

    [Fact]
    public async Task A_node_that_is_not_on_the_market_is_unavailable()
    {
        long node = await host.RegisterAsync();

        JsonElement answer = await (await host.RenterAsync()).MutateAsync("rentSlices", host.Input(node), "... on NodeUnavailable { reason }");

        Refusal.AssertIs("NodeUnavailable", answer);
        Assert.Equal("NOT_PUBLISHED", answer.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Without_a_queue_the_node_is_contended()
    {
        long node = await host.PublishAsync();
        Api renter = await host.RenterAsync();
        await using Replica crowded = host.StartReplica(("Allocation:QueueMax", "0"));

        JsonElement answer = await host.Client(renter.Token, crowded.Address).MutateAsync(
            "rentSlices", host.Input(node), "... on NodeContended { retryAfter }");

        Refusal.AssertIs("NodeContended", answer);
        Assert.Equal("PT0.5S", answer.GetProperty("retryAfter").GetString());
    }

    [Fact]
    public async Task Only_signed_in_callers_with_a_well_formed_key_rent()
    {
        Dictionary<string, object?> input = host.Input(await host.PublishAsync());

        Assert.Equal("UNAUTHENTICATED", await host.Anyone.MutationErrorCodeAsync("rentSlices", input));

        input["idempotencyKey"] = "short";
        input["quoteToken"] = new string('x', 1_001);
        JsonElement answer = await (await host.RenterAsync()).MutateAsync("rentSlices", input, "... on InvalidInput { fields { path rule message } }");
        Refusal.AssertIs("InvalidInput", answer);
        Assert.Equal(
            ["input.idempotencyKey IdempotencyKey", "input.quoteToken StringLength"],
            answer.GetProperty("fields").EnumerateArray()
                .Select(invalid => $"{string.Join('.', invalid.GetProperty("path").EnumerateArray())} {invalid.GetProperty("rule")}")
                .Order(StringComparer.Ordinal));
    }

    private static Task<JsonElement> RentAsync(Api renter, object input) => renter.MutateAsync("rentSlices", input);

    private async Task<int> FreeSlicesAsync(long gridId) =>
        (await host.Anyone.DataAsync("query($gridId: Long!) { gridNode(gridId: $gridId) { freeSlices } }", new { gridId }))
            .GetProperty("gridNode").GetProperty("freeSlices").GetInt32();
}
