using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Market;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>A quote is its account's, and is used once.</summary>
public sealed class QuoteTests
{
    [Fact]
    public async Task A_quote_is_used_once_and_the_same_key_still_gets_the_first_answer()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        Quote quote = await QuoteAsync(market, node, renter);
        RentRequest request = market.Request(renter, node, quote: quote);
        Rental rental = await market.RentedAsync(request);

        QuoteUsed used = Assert.IsType<QuoteUsed>(await market.RentAsync(market.Request(renter, node, quote: quote)));

        Assert.Equal(rental.Id, used.RentalId);
        Assert.Equal(rental.Id, (await market.RentedAsync(request)).Id);
        Assert.Equal(quote.Ticket!.Id, rental.QuoteId);
        await market.CheckAsync();
    }

    [Fact]
    public async Task Another_accounts_quote_does_not_fit_used_or_not()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        AccountId thief = await market.AccountAsync("100");
        Quote quote = await QuoteAsync(market, node, renter);

        Assert.IsType<QuoteMismatch>(await market.RentAsync(market.Request(thief, node, quote: quote)));
        await market.RentedAsync(market.Request(renter, node, quote: quote));
        Assert.IsType<QuoteMismatch>(await market.RentAsync(market.Request(thief, node, quote: quote)));
    }

    [Fact]
    public async Task In_a_round_of_many_a_used_quote_fails_only_its_caller_and_one_quote_rents_once()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        market.AddReplica();
        NodeId[] nodes = [await market.PublishAsync(1, slices: 32), await market.PublishAsync(2, slices: 32)];
        AccountId[] renters = await market.AccountsAsync(6, "100");
        Quote quote = await QuoteAsync(market, nodes[0], renters[0]);

        Task<IRentSlicesResult>[] same = [.. Enumerable.Range(0, 8).Select(number =>
            Task.Run(() => market.Replicas[number % 2].Get<AllocationDesk>().RentAsync(market.Request(renters[0], nodes[0], quote: quote), default)))];
        Task<IRentSlicesResult>[] others =
            [.. renters.Skip(1).Select((renter, number) => Task.Run(() => market.RentAsync(market.Request(renter, nodes[number % 2]))))];
        IRentSlicesResult[] answers = await Task.WhenAll(same);

        Assert.Equal((1, 7), (answers.OfType<SlicesRented>().Count(), answers.OfType<QuoteUsed>().Count()));
        Assert.All(await Task.WhenAll(others), answer => Assert.IsType<SlicesRented>(answer));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_price_that_nobody_holds_has_no_ticket()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();

        RentalQuoted quoted = Assert.IsType<RentalQuoted>(await market.Replica.Get<AskQuote>().Execute(A.Wish(node.Value), holder: null, default));

        Assert.Null(quoted.Quote.Ticket);
    }

    private static async Task<Quote> QuoteAsync(TestMarket market, NodeId node, AccountId holder) =>
        Assert.IsType<RentalQuoted>(await market.Replica.Get<AskQuote>().Execute(A.Wish(node.Value), holder, default)).Quote;
}
