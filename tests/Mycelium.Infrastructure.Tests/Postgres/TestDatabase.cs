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
        return await (await PostgresServer.Shared).CreateDatabaseAsync(template: migrated);
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
