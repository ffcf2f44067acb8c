using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Farms;

/// <summary>
/// Makes a twin's farms on its grid, those known and those to come, the account's. Doing it again changes nothing. A twin is known by its farms: without one a
/// link gives nothing, and most likely has a digit wrong.
/// </summary>
public sealed class LinkFarmerTwin(Transactions transactions)
{
    public Task<ILinkFarmerTwinResult> Execute(Actor by, GridIdentity grid, long twinId, AccountId account, CancellationToken cancellation) =>
        transactions.RunAsync(connection => LinkAsync(connection, by, grid, twinId, account, cancellation), cancellation);

    private static async Task<ILinkFarmerTwinResult> LinkAsync(
        NpgsqlConnection connection, Actor by, GridIdentity grid, long twinId, AccountId account, CancellationToken cancellation)
    {
        (ILinkFarmerTwinResult result, bool isNew) = await TryLinkAsync(connection, grid, twinId, account, cancellation).ConfigureAwait(false);
        if (isNew && result is FarmerTwinLinked linked)
        {
            await new NpgsqlBatch(connection)
                .ThenAudit(new PrivilegedAct(
                    by, AuditAction.FarmerTwinLinked, AuditSubject.FarmerTwin, $"{grid.Name}/{twinId}", account,
                    After: new { AccountId = account.Value, linked.FarmCount }))
                .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }

    private static async Task<(ILinkFarmerTwinResult Result, bool IsNew)> TryLinkAsync(
        NpgsqlConnection connection, GridIdentity grid, long twinId, AccountId account, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .Then(
                """
                INSERT INTO farmer_twins (grid_number, twin_id, account_id)
                SELECT $1, $2, id FROM accounts WHERE id = $3 AND EXISTS (SELECT FROM farms WHERE grid_number = $1 AND twin_id = $2)
                ON CONFLICT (grid_number, twin_id) DO NOTHING
                RETURNING true
                """,
                grid.Number.Value, twinId, account.Value)
            .Then(
                """
                SELECT account_id, ARRAY(SELECT id FROM farms WHERE grid_number = $1 AND twin_id = $2 ORDER BY id)
                FROM farmer_twins WHERE grid_number = $1 AND twin_id = $2
                """,
                grid.Number.Value, twinId)
            .Then("SELECT id FROM accounts WHERE id = $1", account.Value);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        bool isNew = await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false) is not [];
        var links = await reader.RowsAsync(
            row => (Owner: new AccountId(row.GetGuid(0)), Farms: row.GetFieldValue<long[]>(1)), cancellation).ConfigureAwait(false);
        List<Guid> accounts = await reader.RowsAsync(row => row.GetGuid(0), cancellation).ConfigureAwait(false);

        if (accounts is [])
            return (new AccountNotFound(account), isNew);
        if (links is [])
            return (new TwinNotFound(grid.Name, twinId), isNew);
        return (links[0].Owner == account
            ? new FarmerTwinLinked(grid.Name, twinId, account, [.. links[0].Farms.Select(id => new FarmId(id))])
            : new TwinAlreadyLinked(grid.Name, twinId), isNew);
    }
}
