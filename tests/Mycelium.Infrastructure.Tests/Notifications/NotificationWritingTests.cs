using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Notifications;

public sealed class NotificationWritingTests
{
    [Fact]
    public async Task A_notification_is_read_as_it_was_written_and_is_an_event()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId account = await market.AccountAsync();
        Notification written = Notification.Of(
            account, NotificationKind.Refunded, "refund/1", A.Noon, RentalId.New(A.Noon), new NodeId(3), "web-1", MicroUsd.Parse("2"), A.Noon, "It failed.");

        await TellAsync(market, written);

        await using MyceliumDb db = market.Replica.Read();
        Notification stored = await db.Notifications.SingleAsync();
        Assert.Equal(
            (written.Id, account, written.Kind, written.RentalId, written.NodeId, "web-1", written.Amount, written.EffectiveAt, "It failed.", null),
            (stored.Id, stored.AccountId, stored.Kind, stored.RentalId, stored.NodeId, stored.Subject, stored.Amount, stored.EffectiveAt, stored.Detail,
                stored.ReadAt));
        Assert.Equal(written.Message, stored.Message);
        Assert.Equal(
            [$"NOTIFICATION NotificationCreated {account} {written.Id}"],
            await market.RowsAsync("SELECT concat_ws(' ', kind, reason, account_id, state::jsonb ->> 'id') FROM events ORDER BY id", row => row.GetString(0)));
        Notification inEvent = RowJson.Read<Notification>(await market.ScalarAsync<string>("SELECT state FROM events"));
        Assert.Equal((stored.Message, stored.CreatedAt), (inEvent.Message, inEvent.CreatedAt));
        await market.CheckAsync();
    }

    [Fact]
    public async Task The_same_thing_is_told_once_to_each_account_whoever_tells_it()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId[] accounts = await market.AccountsAsync(2);
        Notification[] all = [.. accounts.SelectMany(account => Enumerable.Range(0, 20).Select(number => Told(account, $"key-{number}")))];

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => TellAsync(market, [.. Shuffled(), .. Shuffled()]))));

        Assert.Equal(40L, await market.ScalarAsync<long>("SELECT count(*) FROM notifications"));
        Assert.Equal(40L, await market.ScalarAsync<long>("SELECT count(*) FROM events WHERE kind = 'NOTIFICATION'"));

        Notification[] Shuffled() => [.. all.Select(given => Told(given.AccountId, given.Key)).OrderBy(_ => Random.Shared.Next())];
    }

    [Fact]
    public async Task What_is_rolled_back_was_not_told()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId account = await market.AccountAsync();
        await using (NpgsqlConnection connection = await market.Replica.Database.OpenConnectionAsync())
            await connection.Send("BEGIN").ThenNotify([Told(account, "key")]).Then("ROLLBACK").RunAsync(default);

        await TellAsync(market, Told(account, "key"));

        Assert.Equal(1L, await market.ScalarAsync<long>("SELECT count(*) FROM notifications"));
    }

    [Fact]
    public async Task A_deposit_is_told_once_for_each_payment()
    {
        await using TestMarket market = await TestMarket.OpenAsync();

        AccountId account = await market.AccountAsync("7.5");

        Notification told = Assert.Single(await OfAsync(market, account));
        Assert.Equal((NotificationKind.Deposited, "7.500000 USD was added to your wallet."), (told.Kind, told.Message));
    }

    [Fact]
    public async Task A_term_that_ends_is_told_to_its_renter_and_a_cancellation_is_not()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        AccountId renter = await market.AccountAsync("10");
        Rental ending = await market.RentedAsync(market.Request(renter, node, hours: 5));
        await market.CancelAsync(await market.RentedAsync(market.Request(renter, node, hours: 5)));
        await market.PassAsync(TimeSpan.FromHours(6));

        await market.Replica.Get<ExpireRentals>().Execute(default);
        await market.Replica.Get<ExpireRentals>().Execute(default);

        Notification told = Assert.Single(await OfAsync(market, renter), told => told.Kind != NotificationKind.Deposited);
        Assert.Equal((NotificationKind.RentalEnded, ending.Id, ending.EndsAt), (told.Kind, told.RentalId, told.EffectiveAt));
        Assert.Empty(await OfAsync(market, market.Farmer));
        await market.CheckAsync();
    }

    [Fact]
    public async Task Marking_reads_only_what_is_the_accounts_own_and_each_once()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId[] accounts = await market.AccountsAsync(2);
        Notification[] own = [.. Enumerable.Range(0, 5).Select(number => Told(accounts[0], $"key-{number}", A.Noon.AddSeconds(number)))];
        Notification others = Told(accounts[1], "key", A.Noon);
        await TellAsync(market, [.. own, others]);
        MarkNotificationsRead mark = market.Replica.Get<MarkNotificationsRead>();

        Assert.Equal(new(1, 4), await mark.Execute(accounts[0], [own[4].Id, others.Id, NotificationId.New(A.Noon)], default));
        Assert.Equal(new(3, 1), await mark.Execute(accounts[0], own[2].Id, default));
        Assert.Equal(new(0, 1), await mark.Execute(accounts[0], own[2].Id, default));
        Assert.Equal(new(0, 1), await mark.Execute(accounts[0], [], default));

        Assert.Equal(1, await market.Replica.Get<NotificationReader>().CountUnreadAsync(accounts[0], default));
        Assert.Equal(1, await market.Replica.Get<NotificationReader>().CountUnreadAsync(accounts[1], default));
        Assert.Equal(4L, await market.ScalarAsync<long>("SELECT count(*) FROM events WHERE reason = 'NotificationRead'"));
        Assert.Equal([own[3].Id], (await OfAsync(market, accounts[0])).Where(told => told.ReadAt is null).Select(told => told.Id));
    }

    private static Notification Told(AccountId account, string key, DateTimeOffset? now = null) =>
        Notification.Of(account, NotificationKind.Refunded, key, now ?? A.Noon, amount: MicroUsd.Parse("1"));

    private static async Task TellAsync(TestMarket market, params Notification[] notifications)
    {
        await using NpgsqlConnection connection = await market.Replica.Database.OpenConnectionAsync();
        await connection.Send("BEGIN").ThenNotify(notifications).Then("COMMIT").RunAsync(default);
    }

    private static async Task<List<Notification>> OfAsync(TestMarket market, AccountId account)
    {
        await using MyceliumDb db = market.Replica.Read();
        return await db.Notifications.Where(notification => notification.AccountId == account).OrderBy(notification => notification.Id).ToListAsync();
    }
}
