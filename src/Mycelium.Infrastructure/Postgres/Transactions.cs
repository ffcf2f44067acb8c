using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>Runs an operation's transaction: READ COMMITTED, all or nothing, repeated once after a conflict or on a dead connection.</summary>
/// <remarks>
/// Every transaction takes row locks in the same order, which rules out deadlocks: rentals (by their end, where one takes several), the machines on them if
/// they are of whole nodes, wallets, nodes, each ascending. Idempotency keys are written after these, under the lock of their account's wallet. When a
/// connection ended with its server, it is replaced and the work repeated. That must also be correct if the first <c>COMMIT</c> succeeded and only its response
/// was lost: the work finds its own idempotency key, or is idempotent by nature; <see cref="CommitOnceAsync"/> is for all other work. A process that was
/// suspended for longer than a transaction may be idle does not repeat anything: the caller may have left, and would pay for a result that it never sees.
/// </remarks>
public sealed class Transactions(NpgsqlDataSource database, CommitSignal commits, IOptions<PostgresOptions> options, TimeProvider clock)
{
    /// <param name="work">Begins with <c>BEGIN</c> and ends with <c>COMMIT</c> in its own batches; a transaction that it leaves open is rolled back.</param>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not respond, or the transaction met a conflict twice.</exception>
    public async Task<T> RunAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            try
            {
                return await OnceAsync(work, cancellation).ConfigureAwait(false);
            }
            catch (Exception failure) when (PostgresFailures.IsContention(failure))
            {
                return await OnceAsync(work, cancellation).ConfigureAwait(false);
            }
        }
        catch (Exception failure) when (PostgresFailures.AsUnavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>Does not repeat after a conflict; failures are the driver's own.</summary>
    public async Task<T> OnceAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        long begun = clock.GetTimestamp();
        T result = await database.UseAsync(
            work, cancellation, () => clock.GetElapsedTime(begun) < options.Value.IdleInTransactionTimeout).ConfigureAwait(false);
        commits.Set(); // Even if nothing was written: the extra read of events is cheap.
        return result;
    }

    /// <summary>
    /// Sends the last statements of work that must not be repeated, because a second run would give another answer. If the connection dies now, the outcome is
    /// unknown.
    /// </summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not respond.</exception>
    public static async Task CommitOnceAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        try
        {
            await batch.Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.IsAbsence(failure))
        {
            throw PostgresFailures.AsUnavailable(failure)!;
        }
    }
}
