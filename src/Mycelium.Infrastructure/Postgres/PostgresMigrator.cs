using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Postgres.Schema;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres;

/// <summary>
/// Brings the schema up to date at start: migrations add tables and columns, functions, triggers and views get the text of this release, and the application's
/// role gets its rights. Any number of replicas may do this at once, of two releases side by side: one works under an advisory lock, the others wait for it and
/// find nothing left to do.
/// </summary>
public sealed class PostgresMigrator(IOptions<PostgresOptions> options, TimeProvider clock)
{
    /// <summary>Of all replicas of all versions; never change it.</summary>
    internal const long LockKey = 7_301_977_000;

    /// <summary>As the owner, on a connection that is closed afterwards; without the owner's connection string it only checks.</summary>
    /// <exception cref="SchemaMissingException">This replica does not migrate, and no other has yet.</exception>
    public async Task MigrateAsync(CancellationToken cancellation = default)
    {
        SchemaDefinition? rights = SchemaRights.For(options.Value);
        if (options.Value.MigratorConnectionString.Length == 0)
        {
            await using var waiting = new NpgsqlConnection(PostgresSource.WaitingConnectionString(options.Value));
            await waiting.OpenAsync(cancellation);
            if (!await IsCurrentAsync(waiting, rights, cancellation))
                throw new SchemaMissingException();
            return;
        }
        await using var connection = new NpgsqlConnection(PostgresSource.MigratorConnectionString(options.Value));
        await connection.OpenAsync(cancellation);
        if (await IsCurrentAsync(connection, rights, cancellation))
            return;
        // The lock is the session's: it ends when the connection closes, however that happens.
        await using (var take = new NpgsqlCommand($"SELECT pg_advisory_lock({LockKey})", connection))
            await take.ExecuteNonQueryAsync(cancellation);

        await using var db = new MyceliumDb(new DbContextOptionsBuilder<MyceliumDb>()
            .UseNpgsql(connection)
            // The model is described by the SQL files, not by snapshots of it; a test reads and writes every entity.
            .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.PendingModelChangesWarning))
            .Options);
        await ApplyAsync(connection, db, cancellation);
        await SchemaDefinitions.ApplyAsync(connection, SchemaDefinition.All, clock, cancellation);
        if (rights is not null)
            await SchemaDefinitions.ApplyAgainAsync(connection, rights, clock, cancellation);
    }

    /// <summary>
    /// Waits half a second at most for a table's lock and tries again, as definitions do: every user of the table queues behind this lock request, so a long
    /// reader such as a backup delays the start and nothing else.
    /// </summary>
    private async Task ApplyAsync(NpgsqlConnection connection, MyceliumDb db, CancellationToken cancellation)
    {
        await connection.Send($"SET lock_timeout = '{SchemaDefinitions.LockTimeout}'").RunAsync(cancellation);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                await db.Database.MigrateAsync(cancellation);
                break;
            }
            catch (Exception failure) when (PostgresFailures.IsContention(failure) && attempt < SchemaDefinitions.AttemptsMax)
            {
                await Task.Delay(SchemaDefinitions.RetryDelay, clock, cancellation);
            }
        }
        await connection.Send("RESET lock_timeout").RunAsync(cancellation);
    }

    /// <summary>
    /// Without Entity Framework, which takes a third of a second to find that there is nothing to do, as at most starts. What is applied and the row that
    /// records it are committed together, so no lock is needed to read it.
    /// </summary>
    private static async Task<bool> IsCurrentAsync(NpgsqlConnection connection, SchemaDefinition? rights, CancellationToken cancellation)
    {
        string[] known = [.. typeof(MyceliumDb).Assembly.GetTypes().Select(type => type.GetCustomAttribute<MigrationAttribute>()?.Id).OfType<string>()];
        await using var ask = new NpgsqlCommand($"SELECT count(*) FROM \"{HistoryRepository.DefaultTableName}\" WHERE \"MigrationId\" = ANY ($1)", connection);
        ask.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = known });
        try
        {
            return (long)(await ask.ExecuteScalarAsync(cancellation))! == known.Length
                && await SchemaDefinitions.OutdatedAsync(
                    connection, rights is null ? SchemaDefinition.All : [.. SchemaDefinition.All, rights], cancellation) is [];
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege)
        {
            return false; // A database that is new, or one whose owner has given the application's role nothing yet.
        }
    }

    /// <summary>Migrations that the database has not seen; empty when it is current.</summary>
    public static async Task<IReadOnlyList<string>> PendingAsync(MyceliumDb db, CancellationToken cancellation) =>
        [.. await db.Database.GetPendingMigrationsAsync(cancellation)];
}

/// <summary>
/// The schema of this release, or the rights of the application's role, are not there yet, and this replica has no connection string to make them with.
/// </summary>
public sealed class SchemaMissingException() : Exception(
    "waits for the schema of this release: a replica with Postgres:MigratorConnectionString makes it, "
        + "and gives the role of Postgres:ConnectionString its rights");
