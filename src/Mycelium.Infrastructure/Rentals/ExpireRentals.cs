using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Ends every rental whose term or grace is over, by the database's clock: slices back, the farmer paid. One that was to renew itself enters grace first. Any
/// number of replicas may do this at once; each takes rentals that no other has taken. A rental that cannot be ended at this moment does not delay the others.
/// </summary>
public sealed partial class ExpireRentals(
    Transactions transactions, ReleaseHolds holds, RentalPolicy policy, IOptions<AllocationOptions> options, ILogger<ExpireRentals> logger)
{
    /// <summary>One pass, until nothing is due except what could not be ended.</summary>
    /// <returns>How many rentals ended or entered grace.</returns>
    public async Task<int> Execute(CancellationToken cancellation)
    {
        int total = 0;
        int batchMax = options.Value.ExpiryBatch;
        HashSet<Guid> leftOut = []; // Until the next pass.
        while (true)
        {
            List<Rental> due = [];
            HashSet<RentalId> passed = [];
            try
            {
                total += await transactions.RunAsync(
                    connection => ExpireSomeAsync(connection, batchMax, due, passed, leftOut, cancellation), cancellation).ConfigureAwait(false);
                leftOut.UnionWith(due.Where(rental => !passed.Contains(rental.Id)).Select(rental => rental.Id.Value));
                if (due.Count < batchMax)
                    return total;
            }
            catch (Exception failure) when (due.Count > 0 && failure is PostgresException or StoreUnavailableException { InnerException: PostgresException })
            {
                // One of them fails the others: each gets a transaction of its own.
                if (batchMax == 1)
                {
                    LogLeftOut(failure, due[0].Id);
                    leftOut.Add(due[0].Id.Value);
                }
                batchMax = 1;
            }
        }
    }

    /// <summary>
    /// Ends what is due at these nodes, rentals and holds, for callers who lack slices there: a term that is over frees its slices at that instant, whenever
    /// the next pass runs. Unlike the pass it waits for locks, within the lock time-out: a farmer's wallet may be locked because another node of theirs sells
    /// at this moment. What cannot be ended is left to the pass.
    /// </summary>
    public async Task TryExecuteAt(IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation)
    {
        try
        {
            await holds.ExecuteAt(nodes, cancellation).ConfigureAwait(false);
            await transactions.OnceAsync(
                async connection =>
                {
                    await ExpireAtAsync(connection, nodes, cancellation).ConfigureAwait(false);
                    return true;
                },
                cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or StoreUnavailableException)
        {
            LogLeftOutAt(failure, nodes.Count);
        }
    }

    /// <summary>The nodes among these with rentals whose term or grace is over, or with holds that have expired; none when that cannot be determined.</summary>
    internal async Task<IReadOnlySet<NodeId>> FindDueAsync(IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation)
    {
        try
        {
            return await transactions.OnceAsync(connection => FindDueAsync(connection, nodes, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is NpgsqlException or StoreUnavailableException)
        {
            LogLeftOutAt(failure, nodes.Count);
            return new HashSet<NodeId>();
        }
    }

    private static async Task<IReadOnlySet<NodeId>> FindDueAsync(NpgsqlConnection connection, IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(
            """
            SELECT DISTINCT slices.node_id FROM (SELECT market_now() AS now_is) AS clock, slices
            LEFT JOIN rentals AS rental ON rental.id = slices.rental_id LEFT JOIN reservations AS held ON held.id = slices.reservation_id
            WHERE slices.node_id = ANY ($1) AND (
                rental.status = 'Active' AND rental.billing = 'Prepaid' AND rental.auto_renew_max IS NULL AND rental.ends_at <= now_is
                OR rental.status = 'Grace' AND rental.grace_ends_at <= now_is OR held.ended_at IS NULL AND held.expires_at <= now_is)
            """, nodes.Select(node => node.Value).ToArray());
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return (await reader.RowsAsync(row => new NodeId(row.GetInt64(0)), cancellation).ConfigureAwait(false)).ToHashSet();
    }

    private async Task ExpireAtAsync(NpgsqlConnection connection, IReadOnlyCollection<NodeId> nodes, CancellationToken cancellation)
    {
        List<Rental> due = await TakeDueAsync(
            connection, "node_id = ANY ($2)", "", options.Value.ExpiryBatch, nodes.Select(node => node.Value).ToArray(), cancellation).ConfigureAwait(false);
        if (due.Count == 0)
            return; // Another transaction ended them while this one waited.
        DateTimeOffset now;
        await using (NpgsqlBatch locks = new NpgsqlBatch(connection).ThenLockMachinesOn(HostsAmong(due)).ThenLockSidesOf(due))
        await using (NpgsqlDataReader reader = await locks.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The machines' lock.
            now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
        }
        await PassAsync(connection, due, now, cancellation).ConfigureAwait(false);
    }

    /// <summary>Does what is due and commits it.</summary>
    /// <returns>The rentals that ended or entered grace.</returns>
    private async Task<IReadOnlyCollection<Rental>> PassAsync(
        NpgsqlConnection connection, IEnumerable<Rental> due, DateTimeOffset now, CancellationToken cancellation)
    {
        List<RentalChange> changes = [];
        List<Notification> told = [];
        foreach (Rental rental in due)
        {
            var change = new RentalChange(rental, rental.Segments);
            if (rental.Pass(policy, now) is not { } passed)
                continue;
            changes.Add(change);
            if (Told(passed, now) is { } notification)
                told.Add(notification);
        }
        if (changes.Count > 0)
            await new NpgsqlBatch(connection).ThenSave(changes, now).ThenNotify(told).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return [.. changes.Select(change => change.Rental)];
    }

    private static Notification? Told(IRentalPassed passed, DateTimeOffset now) => passed switch
    {
        RentalEnteredGrace entered => Notification.RentalInGrace(entered, now),
        RentalFailed failed => Notification.RentalFailed(failed, now),
        _ => Notification.RentalEnded(passed.Rental, now),
    };

    /// <param name="connection">Of the transaction.</param>
    /// <param name="batchMax">How many rentals at most.</param>
    /// <param name="due">Receives those that were examined. Where another transaction holds a wallet or the node of one, it stays as it is.</param>
    /// <param name="passed">Receives those that ended or entered grace.</param>
    /// <param name="leftOut">Those to skip.</param>
    /// <param name="cancellation">Of the pass.</param>
    private async Task<int> ExpireSomeAsync(
        NpgsqlConnection connection, int batchMax, List<Rental> due, HashSet<RentalId> passed, HashSet<Guid> leftOut, CancellationToken cancellation)
    {
        due.Clear(); // The transaction may be run twice.
        due.AddRange(await TakeDueAsync(connection, "id <> ALL ($2)", "SKIP LOCKED", batchMax, leftOut.ToArray(), cancellation).ConfigureAwait(false));
        if (due.Count == 0)
            return 0;

        (List<Rental> free, DateTimeOffset now) = await LockSidesAsync(connection, due, cancellation).ConfigureAwait(false);
        IReadOnlyCollection<Rental> done = await PassAsync(connection, free, now, cancellation).ConfigureAwait(false);
        passed.UnionWith(done.Select(rental => rental.Id));
        return done.Count;
    }

    /// <summary>Read once, as a value, the clock can bound the index scan; called for each row it could not.</summary>
    private async Task<List<Rental>> TakeDueAsync(
        NpgsqlConnection connection, string which, string skipLocked, int batchMax, object ids, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN");
        // Each state has an index of its own.
        foreach ((string status, string from, TimeSpan after) in ((string, string, TimeSpan)[])
            [
                // The billing pass looks after metered ones, and a machine on a whole node ends with its host.
                ("status = 'Active' AND billing = 'Prepaid' AND kind <> 'Machine'", "ends_at", TimeSpan.Zero),
                ("status = 'Grace'", "grace_ends_at", TimeSpan.Zero), ("status = 'Provisioning'", "starts_at", policy.ProvisioningMax),
            ])
        {
            batch.Then(
                $"""
                SELECT {RentalStatements.Whole} FROM rentals AS rental
                WHERE {status} AND {from} <= (SELECT market_now()) - $3 AND {which}
                ORDER BY {from}, id LIMIT $1 FOR NO KEY UPDATE OF rental {skipLocked}
                """, batchMax, ids, after);
        }
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<Rental> due = await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false);
        due.AddRange(await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false));
        due.AddRange(await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false));
        return [.. due.Take(batchMax)];
    }

    private static Guid[] HostsAmong(IEnumerable<Rental> due) =>
        [.. due.Where(rental => rental.Kind == RentalKind.WholeNode).Select(rental => rental.Id.Value)];

    /// <summary>
    /// Locks what no other transaction has locked, without waiting. Returns the rentals that could be locked completely, and an instant after the locks.
    /// </summary>
    private static async Task<(List<Rental> Free, DateTimeOffset Now)> LockSidesAsync(
        NpgsqlConnection connection, IReadOnlyCollection<Rental> due, CancellationToken cancellation)
    {
        Guid[] owners = [.. due.SelectMany(rental => new[] { rental.RenterId.Value, rental.FarmerId.Value }).Distinct()];
        await using NpgsqlBatch batch = new NpgsqlBatch(connection)
            .ThenLockMachinesOn(HostsAmong(due)) // Whoever holds one waits for nothing that is locked here.
            .ThenLockFreeWallets(owners)
            .ThenLockFreeNodes([.. due.Select(rental => rental.NodeId.Value).Distinct()])
            .Then("SELECT market_now()");
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The machines' lock.
        HashSet<Guid> wallets = [.. await reader.RowsAsync(row => row.GetGuid(0), cancellation).ConfigureAwait(false)];
        HashSet<long> nodes = [.. await reader.RowsAsync(row => row.GetInt64(0), cancellation).ConfigureAwait(false)];
        DateTimeOffset now = (await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false))[0];
        return ([.. due.Where(
            rental => wallets.Contains(rental.RenterId.Value) && wallets.Contains(rental.FarmerId.Value) && nodes.Contains(rental.NodeId.Value))], now);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "What is due at {Count} nodes could not be ended for callers who lack slices there; the next pass tries again")]
    private partial void LogLeftOutAt(Exception failure, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "Rental {Id} is due and could not be ended; the next pass tries again")]
    private partial void LogLeftOut(Exception failure, RentalId id);
}
