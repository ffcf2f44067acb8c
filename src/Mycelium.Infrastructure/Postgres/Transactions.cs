using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Events;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>Runs an operation's transaction: READ COMMITTED, all or nothing, once more when others were in the way or the connection was dead.</summary>
/// <remarks>
/// Row locks are taken in one order everywhere, so that nobody waits in a circle: rentals, wallets, nodes, each ascending; idempotency keys are written
/// after these, under the lock of the wallet of the account that they belong to.
/// A connection that ended with its server is replaced and the work done once more, which must be right also when the first <c>COMMIT</c> was done and its answer
/// lost. It is where the work finds its own idempotency key, and where doing it twice is the same as once; <see cref="CommitOnceAsync"/> is for the rest.
/// A process that stood still for longer than a transaction may does nothing more: whoever asked may have gone, and would pay for what they do not know of.
/// </remarks>
public sealed class Transactions(NpgsqlDataSource database, EventNews news, IOptions<PostgresOptions> options, TimeProvider clock)
{
    /// <param name="work">Begins with <c>BEGIN</c> and ends with <c>COMMIT</c> in its own batches; whatever it leaves open is rolled back.</param>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer, or others were in the way twice.</exception>
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
        catch (Exception failure) when (PostgresFailures.IsContention(failure))
        {
            throw new StoreUnavailableException("Others are changing the same rows.", isRetryable: true, failure);
        }
        catch (Exception failure) when (PostgresFailures.AsUnavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>One attempt; failures are the driver's own.</summary>
    public async Task<T> OnceAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        long begun = clock.GetTimestamp();
        T result = await database.UseAsync(work, cancellation, () => clock.GetElapsedTime(begun) < options.Value.IdleInTransactionTimeout).ConfigureAwait(false);
        news.Committed(); // Or nothing was: a look in vain.
        return result;
    }

    /// <summary>Sends the last statements of work that would answer otherwise a second time: when the connection dies now, nobody knows whether it was done.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public static async Task CommitOnceAsync(NpgsqlBatch batch, CancellationToken cancellation)
    {
        try
        {
            await batch.Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.AsUnavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }
}
