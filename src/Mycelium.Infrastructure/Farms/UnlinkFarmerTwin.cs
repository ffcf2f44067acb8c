using Mycelium.Domain.Accounts;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Farms;

/// <summary>Takes a twin, and with it its farms on its grid, from the account that it is linked to. What that means for a farm follows from its owner, by trigger.</summary>
public sealed class UnlinkFarmerTwin(Transactions transactions)
{
    public Task<IUnlinkFarmerTwinResult> Execute(GridIdentity grid, long twinId, CancellationToken cancellation) =>
        transactions.RunAsync(connection => UnlinkAsync(connection, grid, twinId, cancellation), cancellation);

    private static async Task<IUnlinkFarmerTwinResult> UnlinkAsync(NpgsqlConnection connection, GridIdentity grid, long twinId, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(
            """
            WITH unlinked AS (DELETE FROM farmer_twins WHERE grid_number = $1 AND twin_id = $2 RETURNING account_id)
            SELECT account_id, (SELECT count(*)::integer FROM farms WHERE grid_number = $1 AND twin_id = $2) FROM unlinked
            """,
            grid.Number.Value, twinId);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? new FarmerTwinUnlinked(grid.Name, twinId, new AccountId(reader.GetGuid(0)), reader.GetInt32(1))
            : new TwinNotLinked(grid.Name, twinId);
    }
}
