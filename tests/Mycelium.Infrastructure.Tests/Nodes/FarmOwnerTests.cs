using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Farms;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Nodes;

/// <summary>The owner of a node's farm, as the grid lists it now, may act on the node and earns from new rentals.</summary>
public sealed class FarmOwnerTests
{
    /// <summary>Everything that gives a node another owner: what happens, and whether the new farmer of these tests is it.</summary>
    public static TheoryData<string, bool> Handovers => new()
    {
        { "UPDATE farms SET twin_id = 67 WHERE id = 1", true },
        { "UPDATE nodes SET farm_id = 2, version = version + 1, sync_sequence = sync_sequence + 1 WHERE id = 1", true },
        { "UPDATE farmer_twins SET account_id = (SELECT account_id FROM farmer_twins WHERE twin_id = 67) WHERE twin_id = 2", true },
        { "DELETE FROM farmer_twins WHERE twin_id = 2", false },
        { "UPDATE farmer_twins SET twin_id = 99 WHERE twin_id = 2", false },
        { "UPDATE nodes SET farm_id = 3, version = version + 1, sync_sequence = sync_sequence + 1 WHERE id = 1", false },
    };

    [Theory]
    [MemberData(nameof(Handovers))]
    public async Task When_a_node_gets_another_owner_price_and_publication_end_and_rentals_continue(string handover, bool isToHeir)
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(slices: 8, price: 20_000);
        AccountId heir = await HeirAsync(market);
        AccountId renter = await market.AccountAsync("100");
        Rental rental = await market.RentedAsync(market.Request(renter, node, quantity: 3));
        Quote quote = await QuoteAsync(market, node);

        await market.SqlAsync(handover);

        Assert.Equal("false 0 3 false", await StateAsync(market));
        Assert.Equal(DBNull.Value, await market.ScalarAsync<object>("SELECT farmer_id FROM nodes WHERE id = 1"));
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM slice_combinations"));
        Assert.Equal(1L, await market.ScalarAsync<long>(
            "SELECT count(*) FROM events WHERE reason = 'NodeLostFarmer' AND previous::json ->> 'price_per_slice' = '20000'"));
        Assert.IsType<NotYourNode>(await market.Replica.Get<SetNodePricing>().Execute(market.Farmer, node, MicroUsdPerHour.From(30_000), default));
        Assert.IsType<NotYourNode>(await market.Replica.Get<PublishNode>().Execute(market.Farmer, node, default));
        Assert.IsType<NotYourNode>(await market.Replica.Get<UnpublishNode>().Execute(market.Farmer, node, default));
        Assert.IsType<NotYourNode>(
            await market.Replica.Get<RegisterNode>().Execute(market.Farmer, GridIdentity.Main, node.Number, null, market.NewKey(), default));
        Assert.IsType<NodeUnavailable>(await market.RentAsync(market.Request(renter, node)));
        Assert.IsType<QuoteExpired>(await market.RentAsync(market.Request(renter, node, quote: quote)));

        if (isToHeir)
        {
            Assert.IsType<NodeNotRegistered>(await market.Replica.Get<SetNodePricing>().Execute(heir, node, MicroUsdPerHour.From(30_000), default));
            Assert.IsType<NodeRegistered>(
                await market.Replica.Get<RegisterNode>().Execute(heir, GridIdentity.Main, node.Number, MicroUsdPerHour.From(30_000), market.NewKey(), default));
            Assert.IsType<NodePublished>(await market.Replica.Get<PublishNode>().Execute(heir, node, default));
            Assert.IsType<QuoteExpired>(await market.RentAsync(market.Request(renter, node, quote: quote)));
            Rental fresh = await market.RentedAsync(market.Request(renter, node, quote: await QuoteAsync(market, node)));
            Assert.Equal((heir, 30_000), (fresh.FarmerId, fresh.PricePerHour.Value));
        }
        await market.MoveTimeAsync(
            "UPDATE rentals SET starts_at = starts_at - interval '12 hours', ends_at = ends_at - interval '12 hours' WHERE id = $1", rental.Id.Value);
        Assert.IsType<RentalCancelled>(await market.CancelAsync(rental));
        Assert.InRange((await market.EarningsAsync(market.Farmer)).Value, 1, rental.Paid.Value);
        Assert.Equal(0, (await market.BalanceAsync(heir)).Value);
        await market.CheckAsync();
    }

    [Fact]
    public async Task What_stays_with_its_owner_keeps_price_and_publication()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(price: 20_000);
        await HeirAsync(market);
        await market.SqlAsync("""
            INSERT INTO farms (id, grid, name, twin_id, certification, is_dedicated, public_ip_count, free_public_ip_count, capacity_as_of)
                VALUES (4, 'main', 'Fourth', 5, 'Gold', false, 0, 0, now())
            """);
        await market.Replica.Get<LinkFarmerTwin>().Execute(Actor.Command, GridIdentity.Main, 5, market.Farmer, default);
        Quote quote = await QuoteAsync(market, node);

        await market.SqlAsync("UPDATE farms SET twin_id = 5 WHERE id = 1");
        await market.SqlAsync("UPDATE nodes SET farm_id = 4, version = version + 1, sync_sequence = sync_sequence + 1 WHERE id = 1");
        await market.SqlAsync("UPDATE farmer_twins SET account_id = account_id");

        Assert.Equal("true 20000 0 true", await StateAsync(market));
        Assert.Equal(market.Farmer, (await market.RentedAsync(market.Request(await market.AccountAsync("100"), node, quote: quote))).FarmerId);
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_twin_that_nobody_has_linked_takes_no_farm_until_an_operator_links_it()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(price: 20_000);
        AccountId heir = await HeirAsync(market);

        await market.SqlAsync("UPDATE farms SET twin_id = 405 WHERE id = 1");
        await market.SqlAsync("UPDATE farms SET twin_id = 406 WHERE id = 1"); // And once more: it is still the linked one that keeps it.
        string kept = await StateAsync(market);
        Assert.Equal(market.Farmer.Value, await market.ScalarAsync<Guid>("SELECT owner_id FROM farms WHERE id = 1"));
        Assert.Equal(2L, await market.ScalarAsync<long>("SELECT kept_by_twin_id FROM farms WHERE id = 1"));
        Assert.IsType<NodePricingSet>(await market.Replica.Get<SetNodePricing>().Execute(market.Farmer, node, MicroUsdPerHour.From(30_000), default));
        await market.Replica.Get<LinkFarmerTwin>().Execute(Actor.Command, GridIdentity.Main, 406, heir, default);

        Assert.Equal("true 20000 0 true", kept);
        Assert.Equal("false 0 0 false", await StateAsync(market));
        Assert.Equal(heir.Value, await market.ScalarAsync<Guid>("SELECT owner_id FROM farms WHERE id = 1 AND kept_by_twin_id IS NULL"));
        Assert.Equal(1L, await market.ScalarAsync<long>("SELECT count(*) FROM events WHERE reason = 'FarmOwnerChanged' AND node_id = 1"));
        await market.CheckAsync();
    }

    [Theory]
    [InlineData("DELETE FROM farmer_twins WHERE twin_id = 2", false)] // The link that keeps it.
    [InlineData("UPDATE farms SET twin_id = 2 WHERE id = 1", true)] // The grid takes it back.
    public async Task A_kept_farm_ends_with_the_link_that_keeps_it_and_is_a_farm_like_any_other_when_the_grid_takes_it_back(string after, bool isOwned)
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await market.PublishAsync(price: 20_000);
        await market.SqlAsync("UPDATE farms SET twin_id = 405 WHERE id = 1");

        await market.SqlAsync(after);

        Assert.Equal(isOwned, await market.ScalarAsync<bool>("SELECT owner_id IS NOT NULL FROM farms WHERE id = 1"));
        Assert.True(await market.ScalarAsync<bool>("SELECT kept_by_twin_id IS NULL FROM farms WHERE id = 1"));
        Assert.Equal(isOwned ? "true 20000 0 true" : "false 0 0 false", await StateAsync(market));
        await market.CheckAsync();
    }

    [Fact]
    public async Task A_farm_that_is_seen_for_the_first_time_with_an_unlinked_twin_has_no_owner()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await HeirAsync(market);

        Assert.True(await market.ScalarAsync<bool>("SELECT owner_id IS NULL AND kept_by_twin_id IS NULL FROM farms WHERE id = 3"));
    }

    [Fact]
    public async Task What_a_grid_does_to_owners_is_in_the_audit_trail_of_both_and_what_an_operator_does_is_the_operators()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId heir = await HeirAsync(market);

        await market.SqlAsync("UPDATE farms SET twin_id = 67 WHERE id = 1");
        await market.Replica.Get<UnlinkFarmerTwin>().Execute(Actor.Of(market.Farmer), GridIdentity.Main, 67, default);

        string[] entries = [.. await market.RowsAsync(
            """
            SELECT concat_ws(' ', actor, subject_id, account_id, before ->> 'account_id', after ->> 'account_id') FROM audit_entries
                WHERE action = 'FarmOwnerChanged' ORDER BY id
            """, row => row.GetString(0))];
        Assert.Equal([$"Grid main/1 {market.Farmer} {market.Farmer} {heir}", $"Grid main/1 {heir} {market.Farmer} {heir}"], entries);
    }

    [Fact]
    public async Task A_farmer_who_comes_back_does_not_bring_the_old_quotes_back()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(price: 20_000);
        Quote quote = await QuoteAsync(market, node);

        await market.SqlAsync("DELETE FROM farmer_twins WHERE twin_id = 2");
        await market.Replica.Get<LinkFarmerTwin>().Execute(Actor.Command, GridIdentity.Main, 2, market.Farmer, default);

        Assert.Equal("false 0 0 false", await StateAsync(market));
        Assert.IsType<NodeRegistered>(
            await market.Replica.Get<RegisterNode>()
                .Execute(market.Farmer, GridIdentity.Main, node.Number, MicroUsdPerHour.From(30_000), market.NewKey(), default));
        Assert.IsType<NodePublished>(await market.Replica.Get<PublishNode>().Execute(market.Farmer, node, default));
        Assert.IsType<QuoteExpired>(await market.RentAsync(market.Request(await market.AccountAsync("100"), node, quote: quote)));
    }

    [Fact]
    public async Task A_twin_that_is_linked_after_nodes_were_discovered_lets_its_account_register_them()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.DiscoverAsync();
        AccountId heir = await HeirAsync(market);
        await market.SqlAsync("UPDATE nodes SET farm_id = 3, version = version + 1, sync_sequence = sync_sequence + 1");
        Assert.IsType<NotYourNode>(await market.Replica.Get<RegisterNode>().Execute(heir, GridIdentity.Main, node.Number, null, market.NewKey(), default));

        await market.Replica.Get<LinkFarmerTwin>().Execute(Actor.Command, GridIdentity.Main, 404, heir, default);

        Assert.IsType<NodeRegistered>(await market.Replica.Get<RegisterNode>().Execute(heir, GridIdentity.Main, node.Number, null, market.NewKey(), default));
    }

    [Fact]
    public async Task A_farmer_who_registers_while_the_farm_changes_hands_does_not_keep_the_node()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.DiscoverAsync();
        await HeirAsync(market);
        await using NpgsqlConnection registering = await market.Replica.Owner.OpenConnectionAsync();
        await using NpgsqlTransaction open = await registering.BeginTransactionAsync();
        await using (var register = new NpgsqlCommand("UPDATE nodes SET farmer_id = $1, price_per_slice = 15000, version = version + 1 WHERE id = 1",
            registering)
        { Parameters = { new() { Value = market.Farmer.Value } } })
            await register.ExecuteNonQueryAsync();

        Task handover = market.SqlAsync("UPDATE farms SET twin_id = 67 WHERE id = 1");
        await Eventually.HoldsAsync(
            () => market.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')"),
            "the handover waits for the farmer");
        await open.CommitAsync();
        await handover;

        Assert.Equal("false 0 0 false", await StateAsync(market));
        Assert.Equal(DBNull.Value, await market.ScalarAsync<object>("SELECT farmer_id FROM nodes WHERE id = $1", node.Value));
        await market.CheckAsync();
    }

    private static Task<string> StateAsync(TestMarket market) =>
        market.ScalarAsync<string>("SELECT concat_ws(' ', is_published::text, price_per_slice, allocated_slices, is_sellable::text) FROM nodes WHERE id = 1");

    private static async Task<Quote> QuoteAsync(TestMarket market, NodeId node)
    {
        await using MyceliumDb db = market.Replica.Read();
        GridNode now = await db.GridNodes.SingleAsync(stored => stored.Id == node);
        return Quote.For(A.Wish(node.Value, hours: 24), now, A.Policy, await market.ScalarAsync<DateTime>("SELECT clock_timestamp()"));
    }

    /// <summary>An account with farm 2, by twin 67; farm 3 is unowned.</summary>
    private static async Task<AccountId> HeirAsync(TestMarket market)
    {
        AccountId heir = await market.AccountAsync();
        await market.SqlAsync("""
            INSERT INTO farms (id, grid, name, twin_id, certification, is_dedicated, public_ip_count, free_public_ip_count, capacity_as_of)
                VALUES (2, 'main', 'Second', 67, 'Gold', false, 0, 0, now()), (3, 'main', 'Third', 404, 'Gold', false, 0, 0, now())
            """);
        await market.Replica.Get<LinkFarmerTwin>().Execute(Actor.Command, GridIdentity.Main, 67, heir, default);
        return heir;
    }
}
