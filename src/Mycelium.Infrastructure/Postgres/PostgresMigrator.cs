using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Brings the schema up to date at start. Any number of replicas may do this at once: one works under an advisory lock, the others wait for it and find
/// nothing left to do.
/// </summary>
public sealed class PostgresMigrator(IOptions<PostgresOptions> options)
{
    /// <summary>Of all replicas of all versions; never change it.</summary>
    private const long LockKey = 7_301_977_000;

    public async Task MigrateAsync(CancellationToken cancellation = default)
    {
        await using var connection = new NpgsqlConnection(PostgresSource.PatientConnectionString(options.Value));
        await connection.OpenAsync(cancellation);
        // The lock is the session's: it is let go when the connection closes, however this ends.
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({LockKey})", connection))
            await take.ExecuteNonQueryAsync(cancellation);

        await using var db = new MyceliumDb(new DbContextOptionsBuilder<MyceliumDb>()
            .UseNpgsql(connection)
            // The model is described by the SQL files, not by snapshots of it; a test reads and writes every entity.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options);
        await db.Database.MigrateAsync(cancellation);
    }

    /// <summary>Migrations that the database has not seen; empty when it is current.</summary>
    public static async Task<IReadOnlyList<string>> PendingAsync(MyceliumDb db, CancellationToken cancellation) =>
        [.. await db.Database.GetPendingMigrationsAsync(cancellation)];
}
