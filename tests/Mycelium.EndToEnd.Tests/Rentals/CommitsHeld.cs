using Mycelium.Testing;
using Npgsql;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>Blocks commits of rentals after everything is written: COMMIT was sent, and its confirmation has not arrived.</summary>
internal sealed class CommitsHeld : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;

    private CommitsHeld(NpgsqlConnection connection) => this.connection = connection;

    public static async Task<CommitsHeld> TakeAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        var held = new CommitsHeld(connection);
        await held.RunAsync(
            """
            SELECT pg_advisory_lock(574574);
            CREATE FUNCTION hold_commit() RETURNS trigger LANGUAGE plpgsql SET lock_timeout = 0
                AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(574574); RETURN NULL; END';
            CREATE CONSTRAINT TRIGGER hold_commit AFTER INSERT ON rentals DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hold_commit();
            """);
        return held;
    }

    public Task SomebodyWaitsAsync() => Eventually.HoldsAsync(
        async () => await ReadAsync("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND objid = 574574 AND NOT granted)"), "a commit waits");

    /// <summary>Lets the commit complete, although nothing waits for its confirmation any more.</summary>
    public Task LetGoAsync() => RunAsync("SELECT pg_advisory_unlock_all()");

    public async ValueTask DisposeAsync()
    {
        await RunAsync("SELECT pg_advisory_unlock_all(); DROP TRIGGER hold_commit ON rentals; DROP FUNCTION hold_commit()");
        await connection.DisposeAsync();
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
