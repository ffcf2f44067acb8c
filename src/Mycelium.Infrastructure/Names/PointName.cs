using Mycelium.Domain.Accounts;
using Mycelium.Domain.Names;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Names;

/// <summary>Leads a name to another rental: <c>pointName</c> in the schema. The same however often it is done.</summary>
public sealed class PointName(Transactions transactions)
{
    public Task<IPointNameResult> Execute(AccountId account, ReservedNameId id, RentalId rentalId, CancellationToken cancellation) =>
        transactions.RunAsync(connection => PointAsync(connection, account, id, rentalId, cancellation), cancellation);

    private static async Task<IPointNameResult> PointAsync(
        NpgsqlConnection connection, AccountId account, ReservedNameId id, RentalId rentalId, CancellationToken cancellation)
    {
        (Rental, string)? rental;
        ReservedName? name;
        DateTimeOffset now;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").ThenLockRentalAndGrid(account, rentalId).ThenLockWallets([account.Value])
            .ThenLockName(id, account).Then("SELECT market_now()"))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            rental = await reader.ReadRentalAndGridAsync(cancellation).ConfigureAwait(false);
            await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The wallet's lock.
            name = (await reader.RowsAsync(NameStatements.ReadName, cancellation).ConfigureAwait(false)).SingleOrDefault();
            now = (await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false))[0];
        }
        if (name is null or { Status: NameStatus.Released })
            return new NameNotFound(id);
        if (ReserveName.Refuse(rental, rentalId, name.Grid, now) is { } refusal)
            return (IPointNameResult)refusal;

        name.Point(rentalId, now);
        await new NpgsqlBatch(connection).ThenSaveName(name).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return new NamePointed(name);
    }
}
