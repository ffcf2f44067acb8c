using Microsoft.Extensions.Logging;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>
/// Tells accounts whose balance lasts for less than a day of what they pay by the hour and what renews itself: once, and again only after it had recovered.
/// Every replica may run it: whoever notes that an account was told tells it.
/// </summary>
public sealed class WarnLowBalances(Transactions transactions, JobRuns runs, TimeProvider clock, ILogger<WarnLowBalances> logger)
    : PeriodicJob("warn_low_balances", runs, clock, logger)
{
    /// <summary>As long before a rental ends its renter is reminded for the last time.</summary>
    public static readonly TimeSpan RunwayMin = TimeSpan.FromHours(24);

    private const int AccountsAtOnce = 500;

    /// <summary>What takes money by itself, with those who were told, in the order of accounts. Time in grace is taken as soon as there is money.</summary>
    private const string Read = """
        WITH burning AS (
            SELECT renter_id AS account_id, price_per_hour, 0 AS discount, ends_at FROM rentals
            WHERE billing = 'Metered' AND ended_at IS NULL AND status IN ('Active', 'Grace')
            UNION ALL
            SELECT renter_id, price_per_hour, discount, ends_at FROM rentals WHERE renews_at IS NOT NULL AND status IN ('Active', 'Grace')
            UNION ALL
            SELECT account_id, price_per_hour, 0, paid_until FROM reserved_names WHERE status <> 'Released'
            UNION ALL
            SELECT account_id, 0, 0, told_at FROM low_balances
        ), page AS (
            SELECT DISTINCT account_id FROM burning WHERE account_id > $1 ORDER BY account_id LIMIT $2
        )
        SELECT page.account_id, wallet_balance(page.account_id), EXISTS (SELECT FROM low_balances WHERE account_id = page.account_id), market_now(),
               array_agg(price_per_hour::bigint), array_agg(discount::integer), array_agg(ends_at)
        FROM page JOIN burning USING (account_id) GROUP BY page.account_id ORDER BY page.account_id
        """;

    private const string Note = "INSERT INTO low_balances (account_id) SELECT unnest($1) ON CONFLICT DO NOTHING RETURNING account_id";

    private const string Forget = "DELETE FROM low_balances WHERE account_id = ANY ($1)";

    protected override TimeSpan Interval => TimeSpan.FromMinutes(5);

    /// <summary>One run.</summary>
    /// <returns>How many accounts were told.</returns>
    public async Task<int> WarnAsync(CancellationToken cancellation)
    {
        int total = 0;
        Guid after = Guid.Empty;
        while (true)
        {
            Guid from = after;
            List<Burner> page = await transactions.RunAsync(connection => ReadAsync(connection, from, cancellation), cancellation).ConfigureAwait(false);
            if (page.Count == 0)
                return total;
            after = page[^1].Account;
            total += await transactions.RunAsync(connection => TellAsync(connection, page, cancellation), cancellation).ConfigureAwait(false);
        }
    }

    protected override Task RunAsync(CancellationToken cancellation) => WarnAsync(cancellation);

    private static async Task<List<Burner>> ReadAsync(NpgsqlConnection connection, Guid after, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(Read, after, AccountsAtOnce);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.RowsAsync(
            row =>
            {
                long[] prices = row.GetFieldValue<long[]>(4);
                int[] discounts = row.GetFieldValue<int[]>(5);
                DateTimeOffset[] ends = row.GetFieldValue<DateTimeOffset[]>(6);
                var now = row.GetFieldValue<DateTimeOffset>(3);
                var balance = MicroUsd.From(row.GetInt64(1));
                var outlook = new WalletOutlook(
                    now, MicroUsd.Zero,
                    [.. prices.Select((price, index) => new RunningRental(MicroUsdPerHour.From(price), BasisPoints.From(discounts[index]), ends[index]))]);
                return new Burner(row.GetGuid(0), balance, row.GetBoolean(2), now, outlook.RunsOutAt(balance));
            },
            cancellation).ConfigureAwait(false);
    }

    private static async Task<int> TellAsync(NpgsqlConnection connection, List<Burner> page, CancellationToken cancellation)
    {
        Burner[] low = [.. page.Where(burner => burner is { IsLow: true, WasTold: false })];
        Guid[] recovered = [.. page.Where(burner => burner is { IsLow: false, WasTold: true }).Select(burner => burner.Account)];
        if (low.Length == 0 && recovered.Length == 0)
            return 0;
        HashSet<Guid> noted;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").Then(Forget, recovered).Then(Note, low.Select(burner => burner.Account).ToArray()))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            noted = [.. await reader.RowsAsync(row => row.GetGuid(0), cancellation).ConfigureAwait(false)];
        Notification[] told = [.. low.Where(burner => noted.Contains(burner.Account)).Select(burner => burner.Notification)];
        await new NpgsqlBatch(connection).ThenNotify(told).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return told.Length;
    }

    private sealed record Burner(Guid Account, MicroUsd Balance, bool WasTold, DateTimeOffset Now, DateTimeOffset? RunsOutAt)
    {
        public bool IsLow => RunsOutAt < Now + RunwayMin;

        public Notification Notification => Notification.LowBalance(new AccountId(Account), Balance, RunsOutAt!.Value, RunwayMin, Now);
    }
}
