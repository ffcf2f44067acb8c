using Mycelium.Testing;
using Npgsql;

namespace Mycelium.EndToEnd.Tests;

/// <summary>Stops transactions that change a row in a given way, until it is disposed of.</summary>
internal sealed class Held : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly string table;

    private Held(NpgsqlConnection connection, string table) => (this.connection, this.table) = (connection, table);

    /// <summary>Stops at the end, after everything is written: COMMIT was sent, and its confirmation has not arrived.</summary>
    /// <param name="connectionString">As the owner.</param>
    /// <param name="change">Such as <c>INSERT</c>.</param>
    /// <param name="table">The table.</param>
    /// <param name="when">Which rows, such as <c>NEW.state = 'Sent'</c>.</param>
    public static Task<Held> CommitsAsync(string connectionString, string change, string table, string when = "true") =>
        TakeAsync(
            connectionString, table,
            $"CREATE CONSTRAINT TRIGGER held AFTER {change} ON {table} DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN ({when})");

    /// <summary>Stops inside: the statement has changed the row, and whoever sent it has not heard so. If it dies now, nothing has happened.</summary>
    public static Task<Held> StatementsAsync(string connectionString, string change, string table, string when = "true") =>
        TakeAsync(connectionString, table, $"CREATE TRIGGER held AFTER {change} ON {table} FOR EACH ROW WHEN ({when})");

    public Task SomebodyWaitsAsync() => Eventually.HoldsAsync(
        async () => await ReadAsync("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 574574 AND NOT granted)"),
        $"a change of {table} waits");

    /// <summary>Lets them go on, although nothing may wait for their confirmation any more.</summary>
    public Task LetGoAsync() => RunAsync("SELECT pg_advisory_unlock_all()");

    public async ValueTask DisposeAsync()
    {
        await RunAsync($"SELECT pg_advisory_unlock_all(); DROP TRIGGER held ON {table}; DROP FUNCTION hold()");
        await connection.DisposeAsync();
    }

    private static async Task<Held> TakeAsync(string connectionString, string table, string trigger)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var held = new Held(connection, table);
        await held.RunAsync(
            $"""
            SELECT pg_advisory_lock(574574);
            CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0
                AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(574574); RETURN NULL; END';
            {trigger} EXECUTE FUNCTION hold();
            """);
        return held;
    }

    private async Task RunAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<bool> ReadAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync() is true;
    }
}
