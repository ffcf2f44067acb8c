using Microsoft.Extensions.Logging;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Names;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Names;

/// <summary>Returns names from grace when they can be paid again, and releases those whose grace is over. Any number of replicas may do this at once.</summary>
public sealed partial class MeterNames(Transactions transactions, ILogger<MeterNames> logger)
{
    /// <summary>Names in one pass; the rest come with the next.</summary>
    private const int Batch = 500;

    private const string TakePayable = $"""
        SELECT {NameStatements.Columns} FROM reserved_names AS held, (SELECT market_now() AS now_is OFFSET 0) AS clock
        WHERE held.status = 'Grace' AND held.grace_ends_at > now_is AND held.id <> ALL ($1)
          AND floor(held.price_per_hour * extract(epoch FROM now_is - held.paid_until) / 3600)
              + floor(held.price_per_hour * extract(epoch FROM date_trunc('hour', now_is, 'UTC') + interval '1 hour' - now_is) / 3600)
              <= wallet_balance(held.account_id)
        ORDER BY held.id LIMIT 1
        """;

    private const string Release = """
        UPDATE reserved_names
        SET status = 'Released', released_at = grace_ends_at, release_reason = 'GraceEnded', grace_ends_at = NULL, rental_id = NULL,
            route_version = greatest(route_version + 1, floor(extract(epoch FROM market_now()) * 1000)::bigint), route_tries = 0, route_next_at = market_now()
        WHERE id = ANY (ARRAY(
            SELECT id FROM reserved_names WHERE status = 'Grace' AND grace_ends_at <= (SELECT market_now())
            ORDER BY grace_ends_at LIMIT $1 FOR UPDATE SKIP LOCKED))
        """;

    internal static string ReadMany => $"SELECT {NameStatements.Columns} FROM reserved_names AS held WHERE id = ANY ($1) ORDER BY id";

    internal static Notification Expiring(ReservedName name, DateTimeOffset now) => Notification.Of(
        name.AccountId, NotificationKind.NameExpiring, $"name-expiring/{name.Id}/{name.PaidUntil.ToUnixTimeSeconds()}", now, name.RentalId, subject: name.Name,
        effectiveAt: name.GraceEndsAt);

    public async Task Execute(CancellationToken cancellation)
    {
        HashSet<Guid> seen = [];
        while (seen.Count < Batch)
        {
            ReservedNameId? taken = null;
            try
            {
                await transactions.RunAsync(connection => ResumeOneAsync(connection, [.. seen], id => taken = id, cancellation), cancellation)
                    .ConfigureAwait(false);
            }
            catch (Exception failure)
                when (taken is not null && failure is PostgresException or StoreUnavailableException { InnerException: PostgresException })
            {
                LogNotResumed(failure, taken!.Value);
            }
            if (taken is not { } tried)
                break;
            seen.Add(tried.Value);
        }
        await transactions.RunAsync(
            async connection =>
            {
                await connection.Send(Release, Batch).RunAsync(cancellation).ConfigureAwait(false);
                return true;
            },
            cancellation).ConfigureAwait(false);
    }

    private static async Task<bool> ResumeOneAsync(
        NpgsqlConnection connection, Guid[] seen, Action<ReservedNameId> taken, CancellationToken cancellation)
    {
        List<ReservedName> found;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").Then(TakePayable, seen))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            found = await reader.RowsAsync(NameStatements.ReadName, cancellation).ConfigureAwait(false);
        if (found is not [{ Id: var id, AccountId: var account }])
            return false;
        taken(id);

        ReservedName name;
        MicroUsd balance;
        DateTimeOffset now;
        await using (NpgsqlBatch batch = new NpgsqlBatch(connection).ThenLockWallets([account.Value])
            .ThenLockName(id, account)
            .Then("SELECT wallet_balance($1), market_now()", account.Value))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The wallet's lock.
            name = (await reader.RowsAsync(NameStatements.ReadName, cancellation).ConfigureAwait(false))[0];
            (balance, now) = (await reader.RowsAsync(row => (MicroUsd.From(row.GetInt64(0)), row.GetFieldValue<DateTimeOffset>(1)), cancellation)
                .ConfigureAwait(false))[0];
        }
        if (name.Resume(balance, now) is not { } charge)
            return false;
        await new NpgsqlBatch(connection).ThenChargeName(id, charge).ThenSaveName(name).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Name {Id} could not return from grace; the next pass tries again")]
    private partial void LogNotResumed(Exception failure, ReservedNameId id);
}
