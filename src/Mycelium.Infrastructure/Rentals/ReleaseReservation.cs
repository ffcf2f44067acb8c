using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Gives held slices back: <c>releaseReservation</c> in the schema. Repeated, it finds that the reservation has ended.</summary>
public sealed class ReleaseReservation(Transactions transactions)
{
    public Task<IReleaseReservationResult> Execute(AccountId account, ReservationId id, CancellationToken cancellation) =>
        transactions.RunAsync(connection => ReleaseAsync(connection, account, id, cancellation), cancellation);

    private static async Task<IReleaseReservationResult> ReleaseAsync(
        NpgsqlConnection connection, AccountId account, ReservationId id, CancellationToken cancellation)
    {
        List<Reservation> found;
        DateTimeOffset now;
        await using (NpgsqlBatch batch = connection.Send("BEGIN")
            .Then(
                "SELECT FROM nodes WHERE id = (SELECT node_id FROM reservations WHERE id = $1 AND account_id = $2) FOR NO KEY UPDATE", id.Value, account.Value)
            .ThenReadReservations([id.Value])
            .Then("SELECT market_now()"))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            await reader.NextResultAsync(cancellation).ConfigureAwait(false);
            found = await reader.RowsAsync(ReservationStatements.ReadReservation, cancellation).ConfigureAwait(false);
            now = (await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false))[0];
        }
        if (found is not [var reservation] || reservation.AccountId != account)
            return new ReservationNotFound(id);

        IReleaseReservationResult result = reservation.Release(now);
        if (result is ReservationReleased)
            await new NpgsqlBatch(connection).ThenRelease([reservation]).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return result;
    }
}
