using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Notifications;

/// <summary>
/// Tells renters what nobody does but time and machines: a rental ends soon, its machine is down, its machine is back. Every replica may run it: what was
/// told is known by its key.
/// </summary>
public sealed class RemindRenters(
    Transactions transactions, IOptions<NotificationOptions> options, JobRuns runs, TimeProvider clock, ILogger<RemindRenters> logger)
    : PeriodicJob("remind_renters", runs, clock, logger)
{
    /// <summary>Notifications written in one transaction: thousands of renters of one grid may have to be told at once.</summary>
    private const int Batch = 500;

    /// <summary>Which rentals end when their term does, unless their renter does something.</summary>
    private const string EndsByItself =
        "rental.status = 'Active' AND rental.billing = 'Prepaid' AND rental.auto_renew_max IS NULL AND rental.kind <> 'Machine'";

    /// <summary>
    /// Rentals that end within 72 hours, or within 24: the nearer one where both hold, since two reminders at once would say the same. A term that is not
    /// longer than that has none: whoever rents for a day knows that it ends tomorrow. An end that was moved has reminders of its own.
    /// </summary>
    private const string Expiring = $"""
        SELECT rental.renter_id, 'rental-expiring/' || rental.id || '/' || floor(extract(epoch FROM rental.ends_at))::bigint || '/' || lead.hours AS key,
            rental.id, rental.node_id, rental.ends_at
        FROM rentals AS rental
        CROSS JOIN (SELECT market_now() AS now_is OFFSET 0) AS clock
        CROSS JOIN LATERAL (SELECT CASE WHEN rental.ends_at <= now_is + interval '24 hours' THEN 24 ELSE 72 END AS hours) AS lead
        WHERE {EndsByItself} AND rental.ends_at > (SELECT market_now()) AND rental.ends_at <= (SELECT market_now() + interval '72 hours')
          AND rental.starts_at < rental.ends_at - lead.hours * interval '1 hour'
          AND NOT EXISTS (
              SELECT FROM notification_keys AS told WHERE told.account_id = rental.renter_id
              AND told.key = 'rental-expiring/' || rental.id || '/' || floor(extract(epoch FROM rental.ends_at))::bigint || '/' || lead.hours)
        ORDER BY rental.ends_at LIMIT $1
        FOR SHARE OF rental SKIP LOCKED
        """;

    /// <summary>
    /// An outage is known by the machine's last report before it. A machine that its grid no longer lists is down too. One notification for each renter,
    /// however much they rent there.
    /// </summary>
    private const string Down = """
        SELECT DISTINCT rental.renter_id, 'node-down/' || node.id || '/' || floor(extract(epoch FROM node.last_report_at))::bigint AS key,
            NULL::uuid, node.id, nullif(node.last_report_at, to_timestamp(0))
        FROM rentals AS rental JOIN nodes AS node ON node.id = rental.node_id
        WHERE rental.status = 'Active' AND (node.status = 'Down' OR node.is_vanished) AND node.last_report_at <= (SELECT market_now() - $2::interval)
          AND NOT EXISTS (
              SELECT FROM notification_keys AS told WHERE told.account_id = rental.renter_id
              AND told.key = 'node-down/' || node.id || '/' || floor(extract(epoch FROM node.last_report_at))::bigint)
        LIMIT $1
        """;

    /// <summary>Those who were told of an outage and still rent what they rented then: who has rented there since knew that it was up.</summary>
    private const string Up = """
        SELECT DISTINCT told.account_id, replace(told.key, 'node-down/', 'node-up/') AS key, NULL::uuid, node.id, node.last_report_at
        FROM notifications AS told JOIN nodes AS node ON node.id = told.node_id
        WHERE told.kind = 'NodeDown' AND node.status = 'Up' AND NOT node.is_vanished
          AND EXISTS (SELECT FROM rentals WHERE renter_id = told.account_id AND node_id = node.id AND status = 'Active' AND starts_at < told.created_at)
          AND NOT EXISTS (
              SELECT FROM notification_keys AS known WHERE known.account_id = told.account_id AND known.key = replace(told.key, 'node-down/', 'node-up/'))
        LIMIT $1
        """;

    protected override TimeSpan Interval => options.Value.RemindPeriod;

    /// <summary>One run. Returns how many notifications were due.</summary>
    public async Task<int> RemindAsync(CancellationToken cancellation) =>
        await TellAsync(NotificationKind.RentalExpiring, Expiring, [Batch], cancellation).ConfigureAwait(false)
        + await TellAsync(NotificationKind.NodeDown, Down, [Batch, options.Value.NodeDownAfter], cancellation).ConfigureAwait(false)
        + await TellAsync(NotificationKind.NodeUp, Up, [Batch], cancellation).ConfigureAwait(false);

    protected override Task RunAsync(CancellationToken cancellation) => RemindAsync(cancellation);

    private async Task<int> TellAsync(NotificationKind kind, string due, object[] parameters, CancellationToken cancellation)
    {
        int total = 0;
        while (true)
        {
            int count = await transactions.RunAsync(connection => TellSomeAsync(connection, kind, due, parameters, cancellation), cancellation)
                .ConfigureAwait(false);
            total += count;
            if (count < Batch)
                return total;
        }
    }

    private async Task<int> TellSomeAsync(
        NpgsqlConnection connection, NotificationKind kind, string due, object[] parameters, CancellationToken cancellation)
    {
        DateTimeOffset now = Clock.GetUtcNow();
        List<Notification> notifications;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").Then(due, parameters))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            notifications = await reader.RowsAsync(row => Read(row, kind, now), cancellation).ConfigureAwait(false);
        await new NpgsqlBatch(connection).ThenNotify(notifications).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return notifications.Count;
    }

    private static Notification Read(NpgsqlDataReader row, NotificationKind kind, DateTimeOffset now) => Notification.Of(
        new AccountId(row.GetGuid(0)), kind, row.GetString(1), now,
        rental: row.IsDBNull(2) ? null : new RentalId(row.GetGuid(2)),
        node: new NodeId(row.GetInt64(3)),
        effectiveAt: row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4));
}
