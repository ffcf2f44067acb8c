using Mycelium.Domain.Accounts;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Farms;

/// <summary>
/// Makes a twin's farms on its grid, those known and those to come, the account's. Doing it again changes nothing. A twin is known by its farms: without one a link gives
/// nothing, and most likely has a digit wrong.
/// </summary>
public sealed class LinkFarmerTwin(Transactions transactions)
{
    public Task<ILinkFarmerTwinResult> Execute(GridIdentity grid, long twinId, AccountId account, CancellationToken cancellation) =>
        transactions.RunAsync(connection => LinkAsync(connection, grid, twinId, account, cancellation), cancellation);

    private static async Task<ILinkFarmerTwinResult> LinkAsync(
        NpgsqlConnection connection, GridIdentity grid, long twinId, AccountId account, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection
            .Send(
                """
                INSERT INTO farmer_twins (grid_number, twin_id, account_id)
                SELECT $1, $2, id FROM accounts WHERE id = $3 AND EXISTS (SELECT FROM farms WHERE grid_number = $1 AND twin_id = $2)
                ON CONFLICT (grid_number, twin_id) DO NOTHING
                """,
                grid.Number.Value, twinId, account.Value)
            .Then(
                """
                SELECT account_id, (SELECT count(*)::integer FROM farms WHERE grid_number = $1 AND twin_id = $2)
                FROM farmer_twins WHERE grid_number = $1 AND twin_id = $2
                """,
                grid.Number.Value, twinId)
            .Then("SELECT id FROM accounts WHERE id = $1", account.Value);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        var links = await reader.RowsAsync(row => (Owner: new AccountId(row.GetGuid(0)), FarmCount: row.GetInt32(1)), cancellation).ConfigureAwait(false);
        List<Guid> accounts = await reader.RowsAsync(row => row.GetGuid(0), cancellation).ConfigureAwait(false);

        if (accounts is [])
            return new AccountNotFound(account);
        if (links is [])
            return new TwinNotFound(grid.Name, twinId);
        return links[0].Owner == account ? new FarmerTwinLinked(grid.Name, twinId, account, links[0].FarmCount) : new TwinAlreadyLinked(grid.Name, twinId);
    }
}
