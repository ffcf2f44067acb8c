using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Accounts;

public sealed class IdempotencyPruningTests
{
    [Fact]
    public async Task A_key_is_known_until_its_life_is_over_and_then_is_a_new_one()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        IdempotencyKey key = market.NewKey();
        Rental first = await market.RentedAsync(market.Request(renter, node, key: key));

        await AgeAsync(market, "71 hours 59 minutes");
        Assert.Equal(0, await market.Replica.Get<IdempotencyPruning>().PruneAsync(default));
        Assert.Equal(first.Id, (await market.RentedAsync(market.Request(renter, node, key: key))).Id);

        await AgeAsync(market, "72 hours 1 minute");
        Assert.Equal(1, await market.Replica.Get<IdempotencyPruning>().PruneAsync(default));
        Assert.NotEqual(first.Id, (await market.RentedAsync(market.Request(renter, node, key: key))).Id);
    }

    [Fact]
    public async Task A_pass_deletes_so_many_and_leaves_the_rest_to_the_next()
    {
        await using TestMarket market = await TestMarket.OpenAsync(settings: [new("Idempotency:PruneBatch", "3"), new("Idempotency:PruneBatchesMax", "2")]);
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("100");
        for (int rental = 0; rental < 8; rental++)
            await market.RentedAsync(market.Request(renter, node));
        await AgeAsync(market, "73 hours");

        Assert.Equal(6, await market.Replica.Get<IdempotencyPruning>().PruneAsync(default));
        Assert.Equal(2, await market.Replica.Get<IdempotencyPruning>().PruneAsync(default));
    }

    private static Task<int> AgeAsync(TestMarket market, string age) =>
        market.MoveTimeAsync($"UPDATE idempotency_keys SET created_at = clock_timestamp() - interval '{age}' WHERE operation = 'rentSlices'");
}
