using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Notifications;

public sealed class RemindRentersTests
{
    [Theory]
    [InlineData(100, 27, 0)] // 73 hours are left.
    [InlineData(100, 29, 1)]
    [InlineData(100, 75, 1)]
    [InlineData(100, 77, 1)] // Both are due, and the nearer one says it all.
    [InlineData(72, 1, 0)] // The whole term is not longer.
    [InlineData(72, 49, 1)]
    [InlineData(24, 1, 0)]
    [InlineData(24, 23, 0)]
    [InlineData(100, 101, 0)] // It is over, and the pass that ends it tells so.
    public async Task A_rental_that_ends_soon_is_told_once(int hours, int passed, int told)
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await market.RentedAsync(market.Request(await market.AccountAsync("100"), await market.PublishAsync(), hours: hours));
        await market.PassAsync(TimeSpan.FromHours(passed));

        Assert.Equal(told, await RemindAsync(market));
        Assert.Equal(0, await RemindAsync(market));
        Assert.Equal(told, (await ToldAsync(market)).Count);
    }

    [Fact]
    public async Task Each_of_the_two_reminders_comes_and_an_end_that_was_moved_has_its_own()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Rental rental = await market.RentedAsync(market.Request(await market.AccountAsync("100"), await market.PublishAsync(), hours: 100));

        await market.PassAsync(TimeSpan.FromHours(50));
        await RemindAsync(market);
        await market.PassAsync(TimeSpan.FromHours(80));
        await RemindAsync(market);
        await market.MoveTimeAsync("UPDATE rentals SET starts_at = starts_at + interval '1 hour', ends_at = ends_at + interval '1 hour'");
        await RemindAsync(market);

        Assert.Equal(["RentalExpiring", "RentalExpiring", "RentalExpiring"], await ToldAsync(market));
        Assert.Equal(
            [rental.EndsAt, rental.EndsAt.AddHours(1)],
            await market.RowsAsync("SELECT DISTINCT effective_at FROM notifications WHERE kind = 'RentalExpiring' ORDER BY effective_at",
                row => row.GetFieldValue<DateTimeOffset>(0)));
    }

    [Fact]
    public async Task A_machine_that_is_down_is_told_to_those_who_rent_there_and_so_is_its_return()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync(1), another = await market.PublishAsync(2);
        AccountId[] renters = await market.AccountsAsync(3, "100");
        await market.RentedAsync(market.Request(renters[0], node));
        await market.RentedAsync(market.Request(renters[0], node));
        Rental left = await market.RentedAsync(market.Request(renters[1], node));
        await market.RentedAsync(market.Request(renters[2], another));

        await ReportAsync(market, node, "Down", minutesAgo: 29);
        Assert.Equal(0, await RemindAsync(market));
        await ReportAsync(market, node, "Down", minutesAgo: 31);
        Assert.Equal(2, await RemindAsync(market)); // One for each renter, not for each rental.
        Assert.Equal(0, await RemindAsync(market));
        await market.CancelAsync(left);
        await ReportAsync(market, node, "Up", minutesAgo: 0);
        Assert.Equal(1, await RemindAsync(market));
        Assert.Equal(0, await RemindAsync(market));
        await ReportAsync(market, node, "Down", minutesAgo: 32);
        Assert.Equal(1, await RemindAsync(market)); // Another outage.

        Assert.Equal(["NodeDown", "NodeDown", "NodeDown", "NodeUp"], (await ToldAsync(market)).Order());
        Assert.Equal([1L], await market.RowsAsync("SELECT DISTINCT node_id FROM notifications WHERE kind LIKE 'Node%'", row => row.GetInt64(0)));
    }

    [Fact]
    public async Task A_machine_that_its_grid_no_longer_lists_is_down_too()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        await market.RentedAsync(market.Request(await market.AccountAsync("100"), node));
        await market.MoveTimeAsync("UPDATE nodes SET missed_passes = 3, last_report_at = market_now() - interval '2 hours'");

        Assert.Equal(1, await RemindAsync(market));
        await market.MoveTimeAsync("UPDATE nodes SET missed_passes = 0");
        Assert.Equal(1, await RemindAsync(market));

        Assert.Equal(["NodeDown", "NodeUp"], (await ToldAsync(market)).Order());
    }

    [Fact]
    public async Task Replicas_that_remind_at_once_tell_everybody_once()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Replica other = market.AddReplica();
        NodeId node = await market.PublishAsync(slices: 30);
        AccountId[] renters = await market.AccountsAsync(6, "100");
        await Task.WhenAll(Enumerable.Range(0, 30).Select(index => market.RentedAsync(market.Request(renters[index % 6], node, hours: 100))));
        await market.PassAsync(TimeSpan.FromHours(90));

        await Task.WhenAll(Enumerable.Range(0, 6).Select(index => Task.Run(() =>
            (index % 2 == 0 ? market.Replica : other).Get<RemindRenters>().RemindAsync(default))));
        await RemindAsync(market); // Rows that one replica had locked were left out by the other.

        Assert.Equal(30, (await ToldAsync(market)).Count);
        await market.CheckAsync();
    }

    private static Task<int> RemindAsync(TestMarket market) => market.Replica.Get<RemindRenters>().RemindAsync(default);

    private static Task<int> ReportAsync(TestMarket market, NodeId node, string status, int minutesAgo) => market.MoveTimeAsync(
        "UPDATE nodes SET status = $2, last_report_at = market_now() - $3 * interval '1 minute' WHERE id = $1", node.Value, status, minutesAgo);

    private static Task<List<string>> ToldAsync(TestMarket market) =>
        market.RowsAsync("SELECT kind::text FROM notifications WHERE kind <> 'Deposited' ORDER BY id", row => row.GetString(0));
}
