using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Billing;

/// <summary>What a wallet says is promised from it is what it is charged then.</summary>
public sealed class CommittedTests
{
    private static async Task<Rental> RenewingAsync(TestMarket market, AccountId renter, long node, int months, long price)
    {
        Rental rental = await market.RentedAsync(
            market.Request(renter, await market.PublishAsync(node, price: price)) with { Wish = A.Wish(node, months: months) });
        Assert.IsType<AutoRenewSet>(
            await market.Replica.Get<SetAutoRenew>().Execute(renter, rental.Id, MicroUsdPerHour.From(price), default));
        return rental;
    }

    private static Task<long> CommittedAsync(TestMarket market, AccountId renter) => market.ScalarAsync<long>($"SELECT committed_of('{renter}')");

    [Fact]
    public async Task A_renewal_is_promised_to_the_micro_dollar()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10000");
        long committed = 0, node = 0;
        foreach (int months in (int[])[1, 3, 6, 12])
        {
            foreach (long price in (long[])[15_000, 15_001, 15_003, 15_007, 15_025])
                committed += (await RenewingAsync(market, renter, ++node, months, price)).Paid.Value; // The same term at the same price.
        }

        Assert.Equal(committed, await CommittedAsync(market, renter));
    }

    [Fact]
    public async Task Time_in_grace_is_owed_and_so_promised()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId renter = await market.AccountAsync("10.8");
        Rental rental = await RenewingAsync(market, renter, 1, 1, 15_000);
        await market.PassAsync(TimeSpan.FromHours(720));
        await market.Replica.Get<ExpireRentals>().Execute(default);
        long renewal = await CommittedAsync(market, renter);

        await market.PassAsync(TimeSpan.FromHours(740));

        Assert.InRange(await CommittedAsync(market, renter) - renewal, 20 * 15_000 - 100, 20 * 15_000 + 100); // Its clock runs on while this does.
        Assert.Equal("Grace", await market.ScalarAsync<string>($"SELECT status::text FROM rentals WHERE id = '{rental.Id}'"));
    }
}
