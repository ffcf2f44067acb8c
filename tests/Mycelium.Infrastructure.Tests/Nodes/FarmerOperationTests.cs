using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Farms;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;

namespace Mycelium.Infrastructure.Tests.Nodes;

public sealed class FarmerOperationTests
{
    [Fact]
    public async Task A_twin_is_linked_once_and_its_farms_follow_known_or_to_come()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        LinkFarmerTwin link = market.Replica.Get<LinkFarmerTwin>();

        Assert.Equivalent(new FarmerTwinLinked("main", 2, market.Farmer, [new FarmId(1)]),
            await link.Execute(Actor.Command, GridIdentity.Main, 2, market.Farmer, default));
        Assert.IsType<TwinAlreadyLinked>(await link.Execute(Actor.Command, GridIdentity.Main, 2, await market.AccountAsync(), default));
        Assert.IsType<AccountNotFound>(await link.Execute(Actor.Command, GridIdentity.Main, 3, new AccountId(Guid.NewGuid()), default));
        Assert.IsType<TwinNotFound>(await link.Execute(Actor.Command, GridIdentity.Main, 3, market.Farmer, default));
        await AddFarmAsync(market, GridIdentity.Main, 8, twin: 3);
        Assert.Equivalent(new FarmerTwinLinked("main", 3, market.Farmer, [new FarmId(8)]),
            await link.Execute(Actor.Command, GridIdentity.Main, 3, market.Farmer, default));
        await AddFarmAsync(market, GridIdentity.Main, 9, twin: 3);

        Assert.Equal([market.Farmer.Value], await market.ScalarAsync<Guid[]>("SELECT array_agg(DISTINCT owner_id) FROM farms WHERE id IN (8, 9)"));
    }

    [Fact]
    public async Task Twins_of_two_grids_with_the_same_number_belong_to_different_accounts()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await market.SqlAsync("INSERT INTO grids (number, name) VALUES (1, 'test')");
        GridIdentity test = (await market.Replica.Get<GridDirectory>().FindAsync("test", default))!;
        AccountId other = await market.AccountAsync();
        LinkFarmerTwin link = market.Replica.Get<LinkFarmerTwin>();
        await AddFarmAsync(market, test, 1, twin: 2);

        Assert.Equivalent(new FarmerTwinLinked("test", 2, other, [FarmId.Of(test.Number, 1)]), await link.Execute(Actor.Command, test, 2, other, default));
        Assert.IsType<TwinAlreadyLinked>(await link.Execute(Actor.Command, test, 2, market.Farmer, default));
        await AddFarmAsync(market, test, 2, twin: 2);
        await AddFarmAsync(market, GridIdentity.Main, 2, twin: 2);

        await using MyceliumDb db = market.Replica.Read();
        Assert.Equal(
            [("main", 1, market.Farmer), ("main", 2, market.Farmer), ("test", 1, other), ("test", 2, other)],
            (await db.Farms.OrderBy(farm => farm.Id).ToListAsync()).Select(farm => (farm.Grid, farm.GridId, farm.OwnerId!.Value)));
    }

    [Fact]
    public async Task Registering_checks_who_owns_the_farm_and_sets_a_price()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.DiscoverAsync();
        RegisterNode register = market.Replica.Get<RegisterNode>();
        AccountId stranger = await market.AccountAsync();
        IdempotencyKey key = market.NewKey();

        Assert.IsType<NodeNotOnGrid>(await register.Execute(market.Farmer, GridIdentity.Main, 404, null, market.NewKey(), default));
        Assert.IsType<NotYourNode>(await register.Execute(stranger, GridIdentity.Main, node.Number, null, market.NewKey(), default));
        Assert.IsType<PriceOutOfRange>(
            await register.Execute(market.Farmer, GridIdentity.Main, node.Number, MicroUsdPerHour.From(1), market.NewKey(), default));
        NodeRegistered registered = Assert.IsType<NodeRegistered>(await register.Execute(market.Farmer, GridIdentity.Main, node.Number, null, key, default));
        Assert.Equal(15_000, registered.GridNode.PricePerSlice.Value);
        Assert.IsType<NodeRegistered>(await register.Execute(market.Farmer, GridIdentity.Main, node.Number, null, key, default));
        Assert.IsType<IdempotencyKeyReused>(await register.Execute(market.Farmer, GridIdentity.Main, node.Number, MicroUsdPerHour.From(2_000), key, default));
        Assert.IsType<NodeAlreadyRegistered>(await register.Execute(market.Farmer, GridIdentity.Main, node.Number, null, market.NewKey(), default));

        Assert.Equal(["NodeDiscovered", "NodeRegistered"], await ReasonsAsync(market));
    }

    [Fact]
    public async Task What_is_for_rent_agrees_with_the_domain_after_every_step()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.DiscoverAsync(slices: 20);
        await market.DiscoverAsync(id: 2);
        Replica replica = market.Replica;
        await CombinationsAreTheDomainsAsync(market, expected: 0);

        await replica.Get<RegisterNode>().Execute(market.Farmer, GridIdentity.Main, node.Number, null, market.NewKey(), default);
        await CombinationsAreTheDomainsAsync(market, expected: 0);
        await replica.Get<PublishNode>().Execute(market.Farmer, node, default);
        await CombinationsAreTheDomainsAsync(market, expected: 5);
        await replica.Get<SetNodePricing>().Execute(market.Farmer, node, MicroUsdPerHour.From(33_333), default);
        await CombinationsAreTheDomainsAsync(market, expected: 5);
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("100"), node, multiplier: 4, quantity: 3));
        await CombinationsAreTheDomainsAsync(market, expected: 5);

        foreach (string report in new[]
        {
            "slice_capacity = 7", "status = 'Down'", "status = 'Standby', rented_by_twin_id = 5", "rented_by_twin_id = NULL, slice_capacity = 600",
            "missed_passes = 3", "missed_passes = 0, country = 'Belgium', city = 'Ghent', upload_mbps = 12.5, uptime_percent = 99.25, gpu_count = 2",
            "slice_capacity = 15",
        })
        {
            await market.SqlAsync($"UPDATE nodes SET {report}, version = version + 1 WHERE id = 1");
            await CombinationsAreTheDomainsAsync(market, expected: null);
        }
        await market.SqlAsync("UPDATE farms SET name = 'Renamed'");
        await CombinationsAreTheDomainsAsync(market, expected: 4);
        await market.CancelAsync(rental);
        await CombinationsAreTheDomainsAsync(market, expected: 4);
        await replica.Get<UnpublishNode>().Execute(market.Farmer, node, default);
        await CombinationsAreTheDomainsAsync(market, expected: 0);
        await market.CheckAsync();
    }

    [Fact]
    public async Task Each_change_of_a_node_is_reported_with_its_reason_and_the_state_before()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        await market.Replica.Get<SetNodePricing>().Execute(market.Farmer, node, MicroUsdPerHour.From(33_333), default);
        await market.Replica.Get<SetNodePricing>().Execute(market.Farmer, node, MicroUsdPerHour.From(33_333), default);
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("100"), node, quantity: 3));
        await market.SqlAsync("UPDATE nodes SET slice_capacity = 2, version = version + 1");
        await market.SqlAsync("UPDATE nodes SET capacity_as_of = now(), uptime_seconds = 7"); // Moves with every report: no event.
        await market.CancelAsync(rental);
        await market.SqlAsync("UPDATE nodes SET missed_passes = 3, version = version + 1");
        await market.SqlAsync("UPDATE farms SET name = 'Renamed'");

        Assert.Equal(
            ["NodeDiscovered", "NodeRegistered", "NodePublished", "NodeRepriced", "SlicesRented", "NodeOvercommitted", "SlicesReleased", "NodeVanished",
                "FarmChanged"],
            await ReasonsAsync(market));
        Assert.Equal("15000", await market.ScalarAsync<string>("SELECT previous::json ->> 'price_per_slice' FROM events WHERE reason = 'NodeRepriced'"));
        Assert.Equal("Freefarm", await market.ScalarAsync<string>("SELECT previous::json -> 'farm' ->> 'name' FROM events WHERE reason = 'FarmChanged'"));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Only_the_registered_farmer_publishes_and_sets_the_price()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.DiscoverAsync();
        NodeId small = await market.DiscoverAsync(id: 2, slices: 0);
        AccountId stranger = await market.AccountAsync();
        PublishNode publish = market.Replica.Get<PublishNode>();
        SetNodePricing price = market.Replica.Get<SetNodePricing>();
        UnpublishNode unpublish = market.Replica.Get<UnpublishNode>();

        Assert.IsType<NodeNotFound>(await publish.Execute(market.Farmer, new NodeId(404), default));
        Assert.IsType<NodeNotRegistered>(await publish.Execute(market.Farmer, node, default));
        Assert.IsType<NodeNotRegistered>(await price.Execute(market.Farmer, node, MicroUsdPerHour.From(2_000), default));
        await market.Replica.Get<RegisterNode>().Execute(market.Farmer, GridIdentity.Main, node.Number, null, market.NewKey(), default);
        await market.Replica.Get<RegisterNode>().Execute(market.Farmer, GridIdentity.Main, small.Number, null, market.NewKey(), default);
        Assert.IsType<NodeHoldsNoSlice>(await publish.Execute(market.Farmer, small, default));
        Assert.IsType<NotYourNode>(await publish.Execute(stranger, node, default));
        Assert.IsType<NotYourNode>(await price.Execute(stranger, node, MicroUsdPerHour.From(2_000), default));
        Assert.IsType<NodeNotPublished>(await unpublish.Execute(market.Farmer, node, default));
        Assert.IsType<NodePublished>(await publish.Execute(market.Farmer, node, default));
        Assert.IsType<NodeAlreadyPublished>(await publish.Execute(market.Farmer, node, default));
        Assert.IsType<PriceOutOfRange>(await price.Execute(market.Farmer, node, MicroUsdPerHour.From(2), default));
        Assert.Equal(15_000, Assert.IsType<NodePricingSet>(
            await price.Execute(market.Farmer, node, MicroUsdPerHour.From(2_000), default)).PreviousPricePerSliceHour.Value);
        Assert.IsType<NodeUnpublished>(await unpublish.Execute(market.Farmer, node, default));
    }

    private static async Task CombinationsAreTheDomainsAsync(TestMarket market, int? expected)
    {
        await using MyceliumDb db = market.Replica.Read();
        List<GridNode> nodes = await db.GridNodes.Include(node => node.Farm).OrderBy(node => node.Id).ToListAsync();
        List<SliceCombination> stored = await db.SliceCombinations
            .Include(combination => combination.Farm)
            .Include(combination => combination.GridNode!.Farm)
            .OrderBy(combination => combination.Id)
            .ToListAsync();

        Assert.Equivalent(nodes.SelectMany(node => SliceCombination.Of(node, node.Farm!)).ToList(), stored, strict: true);
        if (expected is { } count)
            Assert.Equal(count, stored.Count);
    }

    private static Task<string[]> ReasonsAsync(TestMarket market) =>
        market.ScalarAsync<string[]>("SELECT array_agg(reason ORDER BY id) FROM events WHERE kind = 'NODE'");

    private static async Task AddFarmAsync(TestMarket market, GridIdentity grid, long number, long twin)
    {
        await using MyceliumDb db = market.Replica.Write();
        db.Add(new Farm(new FarmObservation(FarmId.Of(grid.Number, number), "Later", twin, FarmCertification.Gold, false, 0, 0, null, A.Noon, grid.Name)));
        await db.SaveChangesAsync();
    }
}
