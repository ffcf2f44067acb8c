using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Notifications;

public sealed class NotificationRetentionTests
{
    private const string Months = """
        SELECT relname::text FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'notifications'::regclass ORDER BY relname
        """;

    [Fact]
    public async Task Months_are_made_ahead_and_dropped_when_all_of_one_is_old()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId account = await market.AccountAsync();
        await BeAtAsync(market, "2027-01-31 23:00Z");
        await KeepAsync(market);
        await TellAsync(market, account, 3, "january");
        await BeAtAsync(market, "2027-02-01 01:00Z");
        await TellAsync(market, account, 2, "february");

        Assert.Equal(["notifications_2027_01", "notifications_2027_02", "notifications_2027_03", "notifications_other"], await MonthsAsync(market));
        Assert.Equal((3L, 2L), (await CountAsync(market, "notifications_2027_01"), await CountAsync(market, "notifications_2027_02")));

        await BeAtAsync(market, "2027-05-01 23:00Z"); // January ended 89 days and 23 hours ago.
        await KeepAsync(market);
        Assert.Equal(5L, await CountAsync(market, "notifications"));
        await BeAtAsync(market, "2027-05-02 00:00Z");
        await KeepAsync(market);

        Assert.Equal(2L, await CountAsync(market, "notifications"));
        Assert.DoesNotContain("notifications_2027_01", await MonthsAsync(market));
        Assert.Contains("notifications_2027_07", await MonthsAsync(market));
        Assert.Equal(5L, await CountAsync(market, "notification_keys")); // What was told is known for a month longer.
        await BeAtAsync(market, "2027-06-03 00:00Z");
        Assert.Equal(5, await KeepAsync(market));
        Assert.Equal((0L, 0L), (await CountAsync(market, "notifications"), await CountAsync(market, "notification_keys")));
    }

    [Fact]
    public async Task A_month_that_nobody_made_fails_nothing_and_is_forgotten_all_the_same()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        AccountId account = await market.AccountAsync();
        await BeAtAsync(market, "2027-01-15 00:00Z");
        await TellAsync(market, account, 3, "early");
        await KeepAsync(market);
        await TellAsync(market, account, 1, "late");

        Assert.Equal(4L, await CountAsync(market, "notifications_other"));
        Assert.Equal(["notifications_2027_02", "notifications_2027_03", "notifications_other"], await MonthsAsync(market));
        await BeAtAsync(market, "2027-04-16 00:00Z");
        Assert.Equal(4, await KeepAsync(market));
    }

    [Fact]
    public async Task An_account_keeps_its_latest_and_never_fewer_than_a_hundred()
    {
        await using TestMarket market = await TestMarket.OpenAsync(settings: [new("Notifications:PerAccount", "5")]);
        AccountId[] accounts = await market.AccountsAsync(2);
        await TellAsync(market, accounts[0], 130, "many");
        await TellAsync(market, accounts[1], 100, "few");

        Assert.Equal(30, await KeepAsync(market));

        Assert.Equal(
            [$"{accounts[0]} 31 130", $"{accounts[1]} 1 100"],
            (await market.RowsAsync(
                "SELECT concat_ws(' ', account_id, min(amount), max(amount)) FROM notifications GROUP BY account_id", row => row.GetString(0)))
                .OrderBy(line => line.EndsWith("100", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nothing_young_is_deleted_whatever_is_asked_for_and_replicas_do_not_disturb_each_other()
    {
        await using TestMarket market = await TestMarket.OpenAsync(settings: [new("Notifications:Retention", "00:00:00")]);
        Replica other = market.AddReplica(settings: [new("Notifications:Retention", "00:00:00")]);
        AccountId account = await market.AccountAsync();
        await BeAtAsync(market, "2027-01-31 00:00Z");
        await KeepAsync(market);
        await TellAsync(market, account, 3, "january");
        await BeAtAsync(market, "2027-03-02 23:00Z");

        await Task.WhenAll(market.Replicas.Concat([other]).Select(replica => replica.Get<NotificationRetention>().KeepAsync(default)));

        Assert.Equal(3L, await CountAsync(market, "notifications"));
    }

    private static Task<int> KeepAsync(TestMarket market) => market.Replica.Get<NotificationRetention>().KeepAsync(default);

    private static Task<int> BeAtAsync(TestMarket market, string instant) => market.SqlAsync(
        $"CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT timestamptz ''{instant}'''");

    /// <summary>Their amounts count from 1, in the order of their ids.</summary>
    private static Task<int> TellAsync(TestMarket market, AccountId account, int count, string key) => market.SqlAsync(
        """
        INSERT INTO notifications (id, account_id, kind, amount, key)
        SELECT lpad(to_hex((SELECT count(*) FROM notification_keys) + number), 32, '0')::uuid, $1, 'Refunded', number, $3 || number
        FROM generate_series(1, $2) AS number
        """,
        account.Value, count, key);

    private static Task<List<string>> MonthsAsync(TestMarket market) => market.RowsAsync(Months, row => row.GetString(0));

    private static Task<long> CountAsync(TestMarket market, string table) => market.ScalarAsync<long>($"SELECT count(*) FROM {table}");
}
