using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Refuses to work through a connection pooler that does not keep sessions separate, or drops the settings of a session. Time-outs for statements, locks and
/// idle transactions are settings of our sessions: without them one stuck caller blocks all others, and a suspended replica could commit when it wakes
/// up.
/// </summary>
internal sealed class PoolerCheck(NpgsqlDataSource database, IOptions<PostgresOptions> options)
{
    private const string Settings = """
        SELECT pg_backend_pid(), current_setting('statement_timeout') <> '0' AND current_setting('lock_timeout') <> '0'
            AND current_setting('idle_in_transaction_session_timeout') <> '0'
        """;

    private bool isPassed;

    /// <exception cref="PoolerException">There is such a pooler.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (isPassed)
            return;
        try
        {
            await using NpgsqlConnection one = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            await using NpgsqlConnection other = await database.OpenConnectionAsync(cancellation).ConfigureAwait(false);
            (int backend, bool isSet) = await ReadSettingsAsync(one, cancellation).ConfigureAwait(false);
            if ((await ReadSettingsAsync(other, cancellation).ConfigureAwait(false)).Backend == backend)
                throw new PoolerException("two connections share one session of the server");
            // What an operator sets in the connection string replaces ours.
            if (!isSet && new NpgsqlConnectionStringBuilder(options.Value.ConnectionString).Options is null)
                throw new PoolerException("the time-outs that were set when connecting are not in force");
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.ProtocolViolation
            && failure.MessageText.Contains("startup parameter", StringComparison.Ordinal))
        {
            throw new PoolerException($"it refuses our settings ({failure.MessageText})", failure);
        }
        isPassed = true;
    }

    private static async Task<(int Backend, bool IsSet)> ReadSettingsAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(Settings);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return (await reader.RowsAsync(row => (row.GetInt32(0), row.GetBoolean(1)), cancellation).ConfigureAwait(false))[0];
    }
}

/// <summary>Between us and PostgreSQL is a pooler that we cannot work with.</summary>
public sealed class PoolerException(string why, Exception? innerException = null) : Exception(
    $"Postgres:ConnectionString leads to a connection pooler that does not keep sessions apart, such as pgbouncer: {why}. "
        + "Connect to PostgreSQL itself; each replica has pools of its own, of at most 66 connections.",
    innerException);
