using Mycelium.Testing;
using Npgsql;

namespace Mycelium.EndToEnd.Tests.Rentals;

/// <summary>A separate transaction that locks every wallet, so that a rental stops exactly between its BEGIN and its COMMIT.</summary>
internal sealed class WalletsHeld : IAsyncDisposable
{
    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private WalletsHeld(NpgsqlConnection connection, NpgsqlTransaction transaction) => (this.connection, this.transaction) = (connection, transaction);

    /// <param name="connectionString">As the owner.</param>
    /// <param name="account">Only this wallet; null for all.</param>
    public static async Task<WalletsHeld> TakeAsync(string connectionString, Guid? account = null)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await using var hold = new NpgsqlCommand("SELECT FROM ledger_accounts WHERE id = coalesce($1, id) FOR UPDATE", connection)
        {
            Parameters = { new NpgsqlParameter { Value = (object?)account ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid } },
        };
        await hold.ExecuteNonQueryAsync();
        return new WalletsHeld(connection, transaction);
    }

    /// <summary>Waits until a rental is blocked by the lock.</summary>
    public Task SomebodyWaitsAsync() => SeenAsync("wait_event_type = 'Lock' AND query LIKE '%ledger_accounts%'");

    /// <summary>Waits until an unblocked rental has read all it needs and then goes silent.</summary>
    public Task SomebodyStandsStillAsync() => SeenAsync("state = 'idle in transaction' AND query LIKE '%idempotency_keys%'");

    public Task LetGoAsync() => transaction.RollbackAsync();

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private Task SeenAsync(string session) => Eventually.HoldsAsync(
        async () =>
        {
            await using NpgsqlConnection watching = new(connection.ConnectionString);
            await watching.OpenAsync();
            await using var look = new NpgsqlCommand(
                $"SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() AND {session})", watching);
            return await look.ExecuteScalarAsync() is true;
        },
        session);
}
