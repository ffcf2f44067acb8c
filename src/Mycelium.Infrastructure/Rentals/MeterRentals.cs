using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Names;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Jobs;
using Mycelium.Infrastructure.Names;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Bills what is paid by the hour, by the database's clock, and returns from grace what can be paid again. An hour of a wallet is billed once, by whichever
/// replica, and hours that nobody billed are caught up with (<c>bill_metered</c>). Any number of replicas may do this at once.
/// </summary>
public sealed partial class MeterRentals(
    Transactions transactions, MeterNames names, RentalPolicy policy, IOptions<ExtrasOptions> extras, IOptions<AllocationOptions> options,
    ILogger<MeterRentals> logger)
{
    /// <summary>Wallets in one transaction, and hours of each: their rows are locked for about a second. After a failure, one and one.</summary>
    private const int WalletsMax = 100;
    private const int HoursMax = 24;

    private const string Bill = "SELECT tried, billed, fallen, lost FROM bill_metered($1, $2, $3, $4, $5, $6)";

    private const string ReadFallen = $"SELECT {RentalStatements.Whole} FROM rentals AS rental WHERE id = ANY ($1) ORDER BY id";

    /// <summary>The wallet that <c>bill_metered</c> takes first.</summary>
    private const string First = """
        SELECT account_id FROM (
            SELECT renter_id AS account_id, ends_at AS since FROM rentals WHERE status = 'Active' AND billing = 'Metered' AND ends_at <= (SELECT market_now())
            UNION ALL
            SELECT account_id, paid_until FROM reserved_names WHERE status = 'Active' AND paid_until <= (SELECT market_now())) AS due
        WHERE account_id <> ALL ($1) GROUP BY account_id ORDER BY min(since), account_id LIMIT 1
        """;

    /// <summary>What its extras cost since they were billed last, as <c>metered_due</c> counts it.</summary>
    private const string Unbilled = """
        coalesce((SELECT least(greatest(0, machine.public_ip_hours - rental.billed_public_ip_hours)::numeric * $2, 1000000000)
                       + least(greatest(0, machine.traffic_gib - rental.billed_traffic_gib)::numeric * $3, 1000000000)
                  FROM machines AS machine WHERE machine.rental_id = rental.id), 0)::bigint
        """;

    /// <summary>
    /// The oldest that its wallet can pay, as far as it can be seen without its lock: what is owed, and the rest of this hour. Those that it cannot would keep
    /// others from their turn.
    /// </summary>
    private const string TakePayable = $"""
        SELECT rental.id FROM rentals AS rental, (SELECT market_now() AS now_is OFFSET 0) AS clock
        WHERE rental.status = 'Grace' AND rental.billing = 'Metered' AND rental.grace_ends_at > now_is AND rental.id <> ALL ($1)
          AND floor(rental.price_per_hour * extract(epoch FROM now_is - rental.ends_at) / 3600)
              + floor(rental.price_per_hour * extract(epoch FROM date_trunc('hour', now_is, 'UTC') + interval '1 hour' - now_is) / 3600) + {Unbilled} <= least(
              wallet_balance(rental.renter_id), rental.spending_limit - (rental.paid - rental.refunded + rental.extras_paid))
        ORDER BY rental.id LIMIT 1 FOR NO KEY UPDATE OF rental SKIP LOCKED
        """;

    /// <summary>One pass, until nothing is due except what other transactions hold.</summary>
    /// <returns>How many wallets were billed, for one hour or more, and how many rentals returned from grace.</returns>
    public async Task<(int Wallets, int Resumed)> Execute(CancellationToken cancellation)
    {
        HashSet<Guid> billedWallets = [];
        HashSet<Guid> leftOut = [];
        (int walletsMax, int hoursMax) = (WalletsMax, HoursMax);
        while (true)
        {
            Guid[] tried = [];
            try
            {
                (tried, Guid[] billed) = await transactions.RunAsync(
                    connection => BillAsync(connection, [.. leftOut], walletsMax, hoursMax, cancellation), cancellation).ConfigureAwait(false);
                billedWallets.UnionWith(billed);
                leftOut.UnionWith(tried.Except(billed)); // Locked: the next pass tries again.
            }
            catch (Exception failure) when (failure is PostgresException or StoreUnavailableException { InnerException: PostgresException })
            {
                // One of them fails the others, or it is more than a transaction has time for: each gets one of its own for each hour.
                if (walletsMax > 1)
                {
                    (walletsMax, hoursMax) = (1, 1);
                    continue;
                }
                tried = await transactions.RunAsync(connection => FirstAsync(connection, [.. leftOut], cancellation), cancellation).ConfigureAwait(false);
                leftOut.UnionWith(tried);
                LogLeftOut(failure, tried.FirstOrDefault());
            }
            if (tried.Length == 0)
                break;
        }
        int resumed = await ResumeAsync(cancellation).ConfigureAwait(false);
        await names.Execute(cancellation).ConfigureAwait(false);
        return (billedWallets.Count, resumed);
    }

    private async Task<(Guid[] Tried, Guid[] Billed)> BillAsync(
        NpgsqlConnection connection, Guid[] leftOut, int walletsMax, int hoursMax, CancellationToken cancellation)
    {
        Guid[] tried, billed, fallen, lost;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").Then(
            Bill, leftOut, walletsMax, hoursMax, policy.Grace, extras.Value.PublicIpMicroUsd, extras.Value.TrafficMicroUsd))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            (tried, billed, fallen, lost) = (await reader.RowsAsync(
                row => (row.GetFieldValue<Guid[]>(0), row.GetFieldValue<Guid[]>(1), row.GetFieldValue<Guid[]>(2), row.GetFieldValue<Guid[]>(3)),
                cancellation).ConfigureAwait(false))[0];
        }
        var notifications = new List<Notification>();
        if (fallen.Length > 0 || lost.Length > 0)
        {
            await using NpgsqlBatch batch = new NpgsqlBatch(connection).Then(ReadFallen, fallen).Then(MeterNames.ReadMany, lost).Then("SELECT market_now()");
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            List<Rental> rentals = await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false);
            List<ReservedName> unpaid = await reader.RowsAsync(NameStatements.ReadName, cancellation).ConfigureAwait(false);
            DateTimeOffset now = (await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false))[0];
            notifications.AddRange(unpaid.Select(name => MeterNames.Expiring(name, now)));
            notifications.AddRange(rentals.Select(rental => Notification.RentalInGrace(new RentalEnteredGrace(rental, rental.GraceEndsAt!.Value), now)));
        }
        await new NpgsqlBatch(connection).ThenNotify(notifications).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return (tried, billed);
    }

    private async Task<int> ResumeAsync(CancellationToken cancellation)
    {
        int total = 0;
        HashSet<Guid> seen = []; // What this pass has tried: it is tried again later.
        while (seen.Count < options.Value.ExpiryBatch)
        {
            Guid? taken = null;
            try
            {
                total += await transactions.RunAsync(connection => ResumeOneAsync(connection, [.. seen], id => taken = id, cancellation), cancellation)
                    .ConfigureAwait(false) ? 1 : 0;
            }
            catch (Exception failure)
                when (taken is not null && failure is PostgresException or StoreUnavailableException { InnerException: PostgresException })
            {
                LogNotResumed(failure, taken!.Value);
            }
            if (taken is not { } tried)
                break;
            seen.Add(tried);
        }
        return total;
    }

    private async Task<bool> ResumeOneAsync(NpgsqlConnection connection, Guid[] seen, Action<Guid> taken, CancellationToken cancellation)
    {
        List<Guid> found;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").Then(TakePayable, seen, extras.Value.PublicIpMicroUsd, extras.Value.TrafficMicroUsd))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            found = await reader.RowsAsync(row => row.GetGuid(0), cancellation).ConfigureAwait(false);
        if (found is not [var id])
            return false;
        taken(id);

        Rental rental;
        MicroUsd unbilled;
        await using (NpgsqlBatch batch = new NpgsqlBatch(connection).Then(
            $"SELECT {RentalStatements.Whole}, {Unbilled} FROM rentals AS rental WHERE id = $1",
            id, extras.Value.PublicIpMicroUsd, extras.Value.TrafficMicroUsd))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            (rental, unbilled) = (await reader.RowsAsync(
                row => (RentalStatements.ReadRental(row), MicroUsd.From(row.GetInt64(1))), cancellation).ConfigureAwait(false))[0];
        }
        DateTimeOffset now;
        MicroUsd balance;
        await using (NpgsqlBatch batch = new NpgsqlBatch(connection).ThenLockSidesOf([rental]).Then("SELECT wallet_balance($1)", rental.RenterId.Value))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
            balance = MicroUsd.From((await reader.RowsAsync(row => row.GetInt64(0), cancellation).ConfigureAwait(false))[0]);
        }
        var change = new RentalChange(rental, rental.Segments);
        if (rental.Resume(balance, unbilled, now) is null)
            return false;
        await new NpgsqlBatch(connection).ThenSave([change], now).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return true;
    }

    private static async Task<Guid[]> FirstAsync(NpgsqlConnection connection, Guid[] leftOut, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(First, leftOut);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return [.. await reader.RowsAsync(row => row.GetGuid(0), cancellation).ConfigureAwait(false)];
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The hours of wallet {Wallet} could not be billed; the next pass tries again")]
    private partial void LogLeftOut(Exception failure, Guid wallet);

    [LoggerMessage(Level = LogLevel.Error, Message = "Rental {Id} could not return from grace; the next pass tries again")]
    private partial void LogNotResumed(Exception failure, Guid id);
}

/// <summary>Bills metered rentals: an hour is billed when it begins, and its rental runs in the meantime.</summary>
public sealed class MeterJob(MeterRentals meter, IOptions<AllocationOptions> options, JobRuns runs, TimeProvider clock, ILogger<MeterJob> logger)
    : PeriodicJob("meter", runs, clock, logger)
{
    protected override TimeSpan Interval => options.Value.BillingPeriod;

    protected override Task RunAsync(CancellationToken cancellation) => meter.Execute(cancellation);
}
