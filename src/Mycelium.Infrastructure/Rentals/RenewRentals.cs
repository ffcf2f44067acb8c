using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Renews rentals whose renter asked for it and whose time has come, by the database's clock, each in a transaction of its own: one that cannot be renewed
/// neither fails nor delays another. Any number of replicas may do this at once; each takes rentals that no other has taken.
/// </summary>
public sealed partial class RenewRentals(
    Transactions transactions, PricingPolicy pricing, RentalPolicy policy, IOptions<AllocationOptions> options, ILogger<RenewRentals> logger)
{
    private const string Take = """
        SELECT id FROM rentals
        WHERE renews_at <= (SELECT market_now()) AND status IN ('Active', 'Grace') AND id <> ALL ($1)
        ORDER BY renews_at, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED
        """;

    /// <summary>A statement after the lock: one with it would read segments as they were before it waited.</summary>
    private const string Read = $"SELECT {RentalStatements.Whole} FROM rentals AS rental WHERE id = $1";

    /// <summary>When it is tried again. It is no change of the rental's life, and so no event.</summary>
    private const string PutOff = "UPDATE rentals SET renews_at = $2 WHERE id = $1";

    /// <summary>One pass.</summary>
    /// <returns>How many rentals were renewed.</returns>
    public async Task<int> Execute(CancellationToken cancellation)
    {
        int total = 0;
        HashSet<Guid> seen = []; // What this pass has tried: it is tried again later.
        while (seen.Count < options.Value.ExpiryBatch)
        {
            Guid? taken = null;
            try
            {
                bool isRenewed = await transactions.RunAsync(connection => RenewOneAsync(connection, seen, id => taken = id, cancellation), cancellation)
                    .ConfigureAwait(false);
                total += isRenewed ? 1 : 0;
            }
            catch (Exception failure)
                when (taken is not null && failure is PostgresException or StoreUnavailableException { InnerException: PostgresException })
            {
                LogLeftOut(failure, taken!.Value);
            }
            if (taken is not { } tried)
                return total;
            seen.Add(tried);
        }
        return total;
    }

    private async Task<bool> RenewOneAsync(NpgsqlConnection connection, HashSet<Guid> seen, Action<Guid> taken, CancellationToken cancellation)
    {
        List<Guid> found;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").Then(Take, seen.ToArray()))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            found = await reader.RowsAsync(row => row.GetGuid(0), cancellation).ConfigureAwait(false);
        if (found is not [var id])
            return false;
        taken(id);

        Rental rental;
        await using (NpgsqlBatch batch = connection.Send(Read, id).ThenLockMachinesOn([id]))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            rental = (await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false))[0];
            await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        }
        NodeAt node;
        DateTimeOffset now;
        MicroUsd balance;
        await using (NpgsqlBatch batch = new NpgsqlBatch(connection).ThenLockSidesOf([rental]).ThenReadNode(rental.NodeId)
            .Then("SELECT wallet_balance($1)", rental.RenterId.Value))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
            node = (await reader.ReadNodeAsync(cancellation).ConfigureAwait(false))!;
            balance = MicroUsd.From((await reader.RowsAsync(row => row.GetInt64(0), cancellation).ConfigureAwait(false))[0]);
        }
        IReadOnlyList<RentalSegment> before = rental.Segments;
        switch (rental.Renew(node.Node, pricing, policy, balance, now))
        {
            case RentalRenewed renewed:
                await new NpgsqlBatch(connection).ThenSave([new RentalChange(rental, before)], now)
                    .ThenNotify([Notification.RentalRenewed(renewed, now)])
                    .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
                return true;
            case RenewalPutOff putOff:
                await new NpgsqlBatch(connection).Then(PutOff, rental.Id.Value, rental.RenewsAt!)
                    .ThenNotify([Notification.RentalRenewalFailed(putOff, now)])
                    .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
                return false;
            default:
                return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Rental {Id} could not be renewed; the next pass tries again")]
    private partial void LogLeftOut(Exception failure, Guid id);
}
