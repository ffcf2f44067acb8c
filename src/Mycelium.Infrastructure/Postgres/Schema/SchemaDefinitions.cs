using Npgsql;

namespace Mycelium.Infrastructure.Postgres.Schema;

/// <summary>Brings the database's functions, triggers and views to the text of this release, where they are not of a newer one.</summary>
internal static class SchemaDefinitions
{
    private const string Read = "SELECT name, number, checksum FROM schema_definitions";

    private const string Remember = """
        INSERT INTO schema_definitions (name, number, checksum) VALUES ($1, $2, $3)
        ON CONFLICT (name) DO UPDATE SET number = excluded.number, checksum = excluded.checksum, applied_at = excluded.applied_at
        """;

    /// <summary>Those of <paramref name="ours"/> whose text the database does not have, or has of an older release.</summary>
    public static async Task<IReadOnlyList<SchemaDefinition>> OutdatedAsync(
        NpgsqlConnection connection, IReadOnlyList<SchemaDefinition> ours, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(Read);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var inForce = (await reader.RowsAsync(
            row => (Name: row.GetString(0), Number: row.GetInt32(1), Checksum: row.GetFieldValue<byte[]>(2)), cancellation).ConfigureAwait(false)).ToDictionary(row => row.Name);
        return [.. ours.Where(definition =>
            !inForce.TryGetValue(definition.Name, out var known)
            || known.Number < definition.Number
            || (known.Number == definition.Number && !known.Checksum.AsSpan().SequenceEqual(definition.Checksum)))];
    }

    /// <summary>Runs what is outdated, all or nothing. The caller holds the migration lock.</summary>
    public static async Task ApplyAsync(NpgsqlConnection connection, IReadOnlyList<SchemaDefinition> ours, CancellationToken cancellation)
    {
        IReadOnlyList<SchemaDefinition> outdated = await OutdatedAsync(connection, ours, cancellation).ConfigureAwait(false);
        if (outdated.Count == 0)
            return;
        // Without looking into bodies, so that the order of files does not matter: a function may name a view that comes later.
        NpgsqlBatch batch = connection.Send("BEGIN").Then("SET LOCAL check_function_bodies = off");
        foreach (SchemaDefinition definition in outdated)
        {
            await batch.RunAsync(cancellation).ConfigureAwait(false);
            await using (var run = new NpgsqlCommand(definition.Text, connection))
                await run.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
            batch = connection.Send(Remember, definition.Name, definition.Number, definition.Checksum);
        }
        await batch.Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
    }
}
