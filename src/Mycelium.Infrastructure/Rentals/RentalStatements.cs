using System.Text.Json;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>The statements that read and write rentals. Their events follow by trigger.</summary>
internal static class RentalStatements
{
    private const string Columns =
        "id, renter_id, node_id, farmer_id, multiplier, quantity, slice_total, price_per_hour, hours, discount, paid, refunded, status, starts_at, ends_at, ssh_public_key, version";

    private const string Insert = $"INSERT INTO rentals ({Columns}) SELECT {Columns} FROM jsonb_populate_recordset(NULL::rentals, $1)";

    private const string End = """
        UPDATE rentals
        SET status = ended.status, ended_at = ended.ended_at, end_reason = ended.end_reason, refunded = ended.refunded, version = ended.version
        FROM jsonb_populate_recordset(NULL::rentals, $1) AS ended
        WHERE rentals.id = ended.id
        """;

    public static Rental ReadRental(NpgsqlDataReader row) => RowJson.Read<Rental>(row.GetString(0));

    /// <summary>Writes rentals that begin.</summary>
    public static NpgsqlBatch ThenInsertRentals(this NpgsqlBatch batch, IEnumerable<Rental> started) => batch.Then(Insert, Rows(started));

    /// <summary>Writes how rentals ended. Whoever decided that holds their row locks.</summary>
    public static NpgsqlBatch ThenEndRentals(this NpgsqlBatch batch, IEnumerable<Rental> ended) => batch.Then(End, Rows(ended));

    private static NpgsqlParameter Rows(IEnumerable<Rental> rentals) => Statements.Json(JsonSerializer.Serialize(rentals, RowJson.Options));
}
