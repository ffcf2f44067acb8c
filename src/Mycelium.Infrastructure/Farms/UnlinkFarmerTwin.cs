using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Farms;

/// <summary>
/// Takes a twin, and with it its farms on its grid, from the account that it is linked to. What that means for a farm follows from its owner, by trigger.
/// </summary>
public sealed class UnlinkFarmerTwin(Transactions transactions)
{
    public Task<IUnlinkFarmerTwinResult> Execute(Actor by, GridIdentity grid, long twinId, CancellationToken cancellation) =>
        transactions.RunAsync(connection => UnlinkAsync(connection, by, grid, twinId, cancellation), cancellation);

    private static async Task<IUnlinkFarmerTwinResult> UnlinkAsync(
        NpgsqlConnection connection, Actor by, GridIdentity grid, long twinId, CancellationToken cancellation)
    {
        if (await TryUnlinkAsync(connection, grid, twinId, cancellation).ConfigureAwait(false) is not { } unlinked)
            return new TwinNotLinked(grid.Name, twinId);
        await new NpgsqlBatch(connection)
            .ThenAudit(new PrivilegedAct(
                by, AuditAction.FarmerTwinUnlinked, AuditSubject.FarmerTwin, $"{grid.Name}/{twinId}", unlinked.AccountId,
                Before: new { AccountId = unlinked.AccountId.Value, unlinked.FarmCount }))
            .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return unlinked;
    }

    private static async Task<FarmerTwinUnlinked?> TryUnlinkAsync(NpgsqlConnection connection, GridIdentity grid, long twinId, CancellationToken cancellation)
    {
        // The farms are those before the change: the statement sees them so.
        await using NpgsqlBatch batch = connection.Send("BEGIN").Then(
            """
            WITH unlinked AS (DELETE FROM farmer_twins WHERE grid_number = $1 AND twin_id = $2 RETURNING account_id)
            SELECT account_id, ARRAY(SELECT id FROM farms WHERE grid_number = $1 AND $2 IN (twin_id, kept_by_twin_id) ORDER BY id) FROM unlinked
            """,
            grid.Number.Value, twinId);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadAsync(cancellation).ConfigureAwait(false)
            ? new FarmerTwinUnlinked(grid.Name, twinId, new AccountId(reader.GetGuid(0)), [.. reader.GetFieldValue<long[]>(1).Select(id => new FarmId(id))])
            : null;
    }
}
