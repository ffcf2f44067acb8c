using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Slices;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// The statements that read and write reservations. A reservation is only changed under the lock of its node, so what is read after that lock stays as it is.
/// </summary>
internal static class ReservationStatements
{
    private static readonly InsertMany<Reservation> insert = new InsertMany<Reservation>("reservations")
        .Column("id", held => held.Id.Value)
        .Column("account_id", held => held.AccountId.Value)
        .Column("node_id", held => held.NodeId.Value)
        .Column("multiplier", held => held.Multiplier)
        .Column("quantity", held => held.Quantity)
        .Column("slice_total", held => held.SliceTotal)
        .Column("created_at", held => held.CreatedAt)
        .Column("expires_at", held => held.ExpiresAt);

    private const string End = """
        UPDATE reservations SET ended_at = ended.ended_at, end_reason = ended.end_reason, rental_id = ended.rental_id
        FROM jsonb_populate_recordset(NULL::reservations, $1) AS ended WHERE reservations.id = ended.id
        """;

    public static Reservation ReadReservation(NpgsqlDataReader row) => RowJson.Read<Reservation>(row.GetString(0));

    public static NpgsqlBatch ThenReadReservations(this NpgsqlBatch batch, Guid[] ids) =>
        batch.Then("SELECT to_jsonb(held)::text FROM reservations AS held WHERE id = ANY ($1)", ids);

    /// <summary>What an account holds now, by the database's clock.</summary>
    public static NpgsqlBatch ThenReadHeld(this NpgsqlBatch batch, AccountId account) => batch.Then(
        """
        SELECT to_jsonb(held)::text FROM reservations AS held, (SELECT market_now() AS now_is) AS clock
        WHERE account_id = $1 AND ended_at IS NULL AND expires_at > now_is
        """, account.Value);

    /// <summary>Writes a reservation that begins, and takes its slices.</summary>
    public static NpgsqlBatch ThenHold(this NpgsqlBatch batch, Reservation held) => insert.AddTo(batch, [held]).ThenTakeSlices(held);

    /// <summary>Writes reservations that have ended without a rental, and gives their slices back.</summary>
    public static NpgsqlBatch ThenRelease(this NpgsqlBatch batch, IReadOnlyCollection<Reservation> ended) =>
        batch.Then(End, Json(ended)).ThenReturnSlices(ended);

    /// <summary>Writes reservations that were rented, and hands their slices to the rentals. Without any nothing is added.</summary>
    public static NpgsqlBatch ThenHandOver(this NpgsqlBatch batch, IReadOnlyCollection<Reservation> rented) =>
        rented.Count == 0 ? batch : batch.Then(End, Json(rented)).ThenHandSlices(rented);

    private static NpgsqlParameter Json(IEnumerable<Reservation> reservations) => Statements.Json(JsonSerializer.Serialize(reservations, RowJson.Options));
}
