using Npgsql;

namespace Mycelium.Infrastructure.Postgres.Schema;

/// <summary>Brings the database's functions, triggers and views to the text of this release, unless the database has a newer one.</summary>
internal static class SchemaDefinitions
{
    /// <summary>
    /// For the lock of a table whose trigger is replaced: every writer of the table queues behind this lock request, so it is short, and tried again. A long
    /// transaction that holds the table delays the start and nothing else.
    /// </summary>
    internal const string LockTimeout = "500ms";

    /// <summary>With <see cref="RetryDelay"/> this is two minutes, longer than any transaction of ours.</summary>
    internal const int AttemptsMax = 120;

    internal static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private const string Read = "SELECT name, number, checksum FROM schema_definitions";

    /// <summary>
    /// No caller may put a trigger function of ours on a table of its own, nor make tables and triggers of the session that pretend to be ours: a trigger's
    /// depth is what distinguishes our own writes from others.
    /// </summary>
    private const string Close = """
        DO $$
        DECLARE
            open_to_all  regprocedure;
        BEGIN
            EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
            FOR open_to_all IN
                SELECT oid FROM pg_proc
                WHERE prorettype = 'trigger'::regtype AND pronamespace = 'public'::regnamespace AND has_function_privilege('public', oid, 'EXECUTE')
            LOOP
                EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', open_to_all);
            END LOOP;
        END $$;
        """;

    private const string Remember = """
        INSERT INTO schema_definitions (name, number, checksum) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET number = excluded.number, checksum = excluded.checksum, applied_at = excluded.applied_at
        """;

    /// <summary>Those of <paramref name="ours"/> whose text is missing in the database, or from an older release.</summary>
    public static async Task<IReadOnlyList<SchemaDefinition>> OutdatedAsync(
        NpgsqlConnection connection, IReadOnlyList<SchemaDefinition> ours, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(Read);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var inForce = (await reader.RowsAsync(
            row => (Name: row.GetString(0), Number: row.GetInt32(1), Checksum: row.GetFieldValue<byte[]>(2)), cancellation).ConfigureAwait(false))
                .ToDictionary(row => row.Name);
        return [.. ours.Where(definition =>
            !inForce.TryGetValue(definition.Name, out var known)
            || known.Number < definition.Number
            || (known.Number == definition.Number && !known.Checksum.AsSpan().SequenceEqual(definition.Checksum)))];
    }

    /// <summary>
    /// Runs what is outdated, each file in a transaction of its own: one for all would hold locks of many tables in an order that renting does not have. The
    /// caller holds the migration lock.
    /// </summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<SchemaDefinition> ours, TimeProvider clock, CancellationToken cancellation)
    {
        IReadOnlyList<SchemaDefinition> outdated = await OutdatedAsync(connection, ours, cancellation).ConfigureAwait(false);
        foreach (SchemaDefinition definition in outdated)
            await ApplyPatientlyAsync(connection, definition, clock, cancellation).ConfigureAwait(false);
        if (outdated.Count > 0)
            await connection.Send(Close).RunAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>
    /// Runs a text even if it is in force, unless the database has a newer one: rights are given again when there may be something new to give.
    /// </summary>
    public static async Task ApplyAgainAsync(NpgsqlConnection connection, SchemaDefinition ours, TimeProvider clock, CancellationToken cancellation)
    {
        await using (var ask = new NpgsqlCommand("SELECT EXISTS (SELECT FROM schema_definitions WHERE name = $1 AND number > $2)", connection))
        {
            ask.Parameters.Add(new NpgsqlParameter<string> { TypedValue = ours.Name });
            ask.Parameters.Add(new NpgsqlParameter<int> { TypedValue = ours.Number });
            if (await ask.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true)
                return;
        }
        await ApplyPatientlyAsync(connection, ours, clock, cancellation).ConfigureAwait(false);
    }

    private static async Task ApplyPatientlyAsync(NpgsqlConnection connection, SchemaDefinition definition, TimeProvider clock, CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await ApplyAsync(connection, definition, cancellation).ConfigureAwait(false);
                return;
            }
            catch (PostgresException failure) when (PostgresFailures.IsContention(failure) && attempt < AttemptsMax)
            {
                await Task.Delay(RetryDelay, clock, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task ApplyAsync(NpgsqlConnection connection, SchemaDefinition definition, CancellationToken cancellation)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellation).ConfigureAwait(false);
        // Without checking bodies, so that the order of files does not matter: a function may name a view that comes later.
        await connection.Send($"SET LOCAL lock_timeout = '{LockTimeout}'").Then("SET LOCAL check_function_bodies = off")
            .RunAsync(cancellation).ConfigureAwait(false);
        await using (var run = new NpgsqlCommand(definition.Text, connection))
            await run.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        await connection.Send(Remember, definition.Name, definition.Number, definition.Checksum).RunAsync(cancellation).ConfigureAwait(false);
        await transaction.CommitAsync(cancellation).ConfigureAwait(false);
    }
}
