using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Rentals;

/// <summary>Renting and cancelling again and again: what one account can take of the supply.</summary>
public sealed class RentalLimitTests
{
    [Fact]
    public async Task An_account_rents_and_cancels_no_more_than_its_limits_and_learns_when_to_retry()
    {
        await using TestMarket market = await OpenAsync(slices: "5", rentals: "6", cancellations: "2");
        NodeId node = await market.PublishAsync(slices: 32);
        AccountId scalper = await market.AccountAsync("100");
        Rental[] rented = [await market.RentedAsync(market.Request(scalper, node, quantity: 3)),
            await market.RentedAsync(market.Request(scalper, node, quantity: 2, hours: 1))];

        RentalLimitReached full = Assert.IsType<RentalLimitReached>(await market.RentAsync(market.Request(scalper, node)));
        RentalLimitReached never = Assert.IsType<RentalLimitReached>(await market.RentAsync(market.Request(scalper, node, quantity: 6)));
        foreach (Rental rental in rented)
            Assert.IsType<RentalCancelled>(await market.CancelAsync(rental));
        Rental third = await market.RentedAsync(market.Request(scalper, node));
        RentalLimitReached kept = Assert.IsType<RentalLimitReached>(await market.CancelAsync(third));

        Assert.Equal((RentalLimit.ActiveSlices, 5, 5, rented[1].EndsAt), (full.Limit, full.Reached, full.Max, full.RetryAt));
        Assert.Null(never.RetryAt);
        Assert.Equal((RentalLimit.CancellationsPerHour, 2, 2), (kept.Limit, kept.Reached, kept.Max));
        Assert.Equal(await market.ScalarAsync<DateTime>("SELECT min(ended_at) + interval '1 hour' FROM rentals"), kept.RetryAt!.Value.UtcDateTime,
            TimeSpan.FromMilliseconds(1));
        for (int more = 0; more < 3; more++)
            await market.RentedAsync(market.Request(scalper, node));
        RentalLimitReached often = Assert.IsType<RentalLimitReached>(await market.RentAsync(market.Request(scalper, node)));
        Assert.Equal((RentalLimit.RentalsPerHour, 6, 6, rented[0].StartsAt.AddHours(1)), (often.Limit, often.Reached, often.Max, often.RetryAt));
        Assert.IsType<SlicesRented>(await market.RentAsync(market.Request(await market.AccountAsync("100"), node)));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_partner_has_ten_times_as_much()
    {
        await using TestMarket market = await OpenAsync(slices: "1", rentals: "1", cancellations: "1");
        NodeId node = await market.PublishAsync(slices: 32);
        AccountId partner = await market.AccountAsync("100");

        for (int rental = 0; rental < 10; rental++)
            await market.RentedAsync(market.Request(partner, node) with { IsPartner = true });

        Assert.Equal(10, Assert.IsType<RentalLimitReached>(await market.RentAsync(market.Request(partner, node) with { IsPartner = true })).Max);
    }

    [Fact]
    public async Task An_hour_later_it_may_again_and_the_first_answer_of_a_key_stays()
    {
        await using TestMarket market = await OpenAsync(slices: "0", rentals: "1", cancellations: "0");
        NodeId node = await market.PublishAsync(slices: 8);
        AccountId renter = await market.AccountAsync("100");
        RentRequest request = market.Request(renter, node);
        Rental first = await market.RentedAsync(request);

        Assert.Equal(first.Id, (await market.RentedAsync(request)).Id);
        Assert.IsType<RentalLimitReached>(await market.RentAsync(market.Request(renter, node)));
        await market.MoveTimeAsync(
            "UPDATE rentals SET starts_at = starts_at - interval '1 hour', ends_at = ends_at - interval '1 hour' WHERE id = $1", first.Id.Value);

        await market.RentedAsync(market.Request(renter, node));
    }

    /// <summary>Two replicas, and one round of several callers: the wallet's lock puts them in a row.</summary>
    [Fact]
    public async Task Many_at_once_do_not_pass_the_limit_together()
    {
        await using TestMarket market = await OpenAsync(slices: "3", rentals: "0", cancellations: "2");
        market.AddReplica(settings: Settings("3", "0", "2"));
        NodeId[] nodes = [await market.PublishAsync(1, slices: 8), await market.PublishAsync(2, slices: 8)];
        AccountId renter = await market.AccountAsync("100");

        IRentSlicesResult[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(number =>
            Task.Run(() => market.Replicas[number % 2].Get<AllocationDesk>().RentAsync(market.Request(renter, nodes[number / 2 % 2]), default))));
        Rental[] rented = [.. answers.OfType<SlicesRented>().Select(answer => answer.Rental)];
        ICancelRentalResult[] cancelled = await Task.WhenAll(rented.Select((rental, number) =>
            Task.Run(() => market.Replicas[number % 2].Get<CancelRental>().Execute(
                renter, rental.Id, quote: null, market.NewKey(), isPartner: false, default))));

        Assert.Equal((3, 9), (rented.Length, answers.OfType<RentalLimitReached>().Count()));
        Assert.Equal((2, 1), (cancelled.OfType<RentalCancelled>().Count(), cancelled.OfType<RentalLimitReached>().Count()));
        await market.CheckAsync();
    }

    [Theory]
    [InlineData("PartnerFactor", "1", true)]
    [InlineData("PartnerFactor", "0", false)]
    [InlineData("ActiveSlices", "0", true)]
    [InlineData("ActiveSlices", "-1", false)]
    [InlineData("RentalsPerHour", "-1", false)]
    [InlineData("CancellationsPerHour", "-1", false)]
    public async Task A_limit_below_its_least_value_is_refused_at_the_start(string setting, string value, bool isFine)
    {
        await using var replica = new Replica("Host=unused", settings: [new($"RentalLimits:{setting}", value)]);

        Exception? refusal = Record.Exception(() => replica.Get<IOptions<RentalLimitOptions>>().Value);

        Assert.Equal(isFine, refusal is null);
        Assert.True(isFine || refusal is OptionsValidationException);
    }

    private static Task<TestMarket> OpenAsync(string slices, string rentals, string cancellations) =>
        TestMarket.OpenAsync(settings: Settings(slices, rentals, cancellations));

    private static KeyValuePair<string, string?>[] Settings(string slices, string rentals, string cancellations) =>
        [new("RentalLimits:ActiveSlices", slices), new("RentalLimits:RentalsPerHour", rentals), new("RentalLimits:CancellationsPerHour", cancellations)];
}
