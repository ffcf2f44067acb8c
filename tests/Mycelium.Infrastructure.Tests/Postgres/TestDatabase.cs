using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>A migrated database of its own for each test: a copy of one that was migrated once.</summary>
internal static class TestDatabase
{
    private static readonly Lazy<Task<string>> template = new(MigrateTemplateAsync);

    public static async Task<string> CreateAsync()
    {
        string migrated = await template.Value;
        string copy = await (await PostgresServer.Shared).CreateDatabaseAsync(template: migrated);
        await using var connection = new NpgsqlConnection(copy + ";Pooling=false");
        await connection.OpenAsync();
        await using var close = new NpgsqlCommand( // As the migrator does; a copy does not inherit the rights on the database itself.
            $"REVOKE CREATE, TEMPORARY ON DATABASE {new NpgsqlConnectionStringBuilder(copy).Database} FROM PUBLIC", connection);
        await close.ExecuteNonQueryAsync();
        return copy;
    }

    private static async Task<string> MigrateTemplateAsync()
    {
        string connectionString = await (await PostgresServer.Shared).CreateDatabaseAsync();
        await using (var replica = new Replica(connectionString))
            await replica.Get<PostgresMigrator>().MigrateAsync();
        await using var pool = new NpgsqlConnection(connectionString);
        NpgsqlConnection.ClearPool(pool); // A template may have no sessions.
        return new NpgsqlConnectionStringBuilder(connectionString).Database!;
    }
}
