using System.Data;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>Replaces connections of a pool that ended with the server that they led to.</summary>
public static class DeadConnections
{
    /// <summary>
    /// The connection ended while it was used. A server that is there and does not answer in time is not one of these: asking it again would only add to
    /// what it has to do.
    /// </summary>
    internal static bool HasDied(this NpgsqlConnection connection, Exception failure) =>
        failure is NpgsqlException { InnerException: not TimeoutException } && connection.FullState.HasFlag(ConnectionState.Broken);

    /// <summary>
    /// Does the work on a connection of the pool; if that is dead, the pool drops its other connections and the work is done once more on a fresh one.
    /// </summary>
    /// <param name="database">The pool.</param>
    /// <param name="work">Right to do again even when the first time was committed and only the answer was lost.</param>
    /// <param name="cancellation">Of the caller.</param>
    /// <param name="isWaitedFor">Whether a caller still waits for the work; without it, always.</param>
    /// <exception cref="StoreUnavailableException">PostgreSQL is known to be unavailable, so that no caller waits to find out again.</exception>
    public static Task<T> UseAsync<T>(
        this NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation, Func<bool>? isWaitedFor = null) =>
        StoreGate.Of(database).WhileOpenAsync(() => UseOnceOrTwiceAsync(database, work, isWaitedFor, cancellation));

    /// <summary>The same for callers who cannot handle exceptions of the driver.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    internal static async Task<T> UseIfAvailableAsync<T>(this NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            return await database.UseAsync(work, cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.AsUnavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }

    /// <summary>The same for statements of which only the number of changed rows matters.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    internal static Task<int> ChangeIfAvailableAsync(
        this NpgsqlDataSource database, Func<NpgsqlConnection, NpgsqlBatch> statements, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = statements(connection);
            return await batch.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);

    private static async Task<T> UseOnceOrTwiceAsync<T>(
        NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> work, Func<bool>? isWaitedFor, CancellationToken cancellation)
    {
        await using (NpgsqlConnection pooled = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false))
        {
            try
            {
                return await work(pooled).ConfigureAwait(false);
            }
            catch (Exception failure) when (pooled.HasDied(failure))
            {
                database.Clear(); // The others of its age led to the same server.
                if (isWaitedFor is not null && !isWaitedFor())
                    throw;
            }
        }
        await using NpgsqlConnection fresh = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        return await work(fresh).ConfigureAwait(false);
    }
}
