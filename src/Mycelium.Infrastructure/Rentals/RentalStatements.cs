using System.Text.Json;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>The statements that read and write rentals. Their events follow by trigger.</summary>
internal static class RentalStatements
{
    private static readonly InsertMany<Rental> insert = new InsertMany<Rental>("rentals")
        .Column("id", rental => rental.Id.Value)
        .Column("renter_id", rental => rental.RenterId.Value)
        .Column("node_id", rental => rental.NodeId.Value)
        .Column("farmer_id", rental => rental.FarmerId.Value)
        .Column("multiplier", rental => rental.Multiplier)
        .Column("quantity", rental => rental.Quantity)
        .Column("slice_total", rental => rental.SliceTotal)
        .Column("price_per_hour", rental => rental.PricePerHour.Value)
        .Column("hours", rental => rental.Hours.Value)
        .Column("months", rental => rental.Months)
        .Column("discount", rental => rental.Discount.Value)
        .Column("paid", rental => rental.Paid.Value)
        .Column("refunded", rental => rental.Refunded.Value)
        .Column("status", _ => nameof(RentalStatus.Active))
        .Column("starts_at", rental => rental.StartsAt)
        .Column("ends_at", rental => rental.EndsAt)
        .Column("ssh_public_key", rental => rental.SshPublicKey)
        .Column("quote_id", rental => rental.QuoteId?.Value)
        .Column("version", rental => rental.Version);

    private const string End = """
        UPDATE rentals
        SET status = ended.status, ended_at = ended.ended_at, end_reason = ended.end_reason, refunded = ended.refunded, version = ended.version
        FROM jsonb_populate_recordset(NULL::rentals, $1) AS ended
        WHERE rentals.id = ended.id
        """;

    public static Rental ReadRental(NpgsqlDataReader row) => RowJson.Read<Rental>(row.GetString(0));

    /// <summary>Writes rentals that begin.</summary>
    public static NpgsqlBatch ThenInsertRentals(this NpgsqlBatch batch, IReadOnlyCollection<Rental> started) => insert.AddTo(batch, started);

    /// <summary>Writes how rentals ended. The transaction that decided it holds their row locks.</summary>
    public static NpgsqlBatch ThenEndRentals(this NpgsqlBatch batch, IReadOnlyCollection<Rental> ended) =>
        batch.Then(End, Statements.Json(JsonSerializer.Serialize(ended, RowJson.Options)));
}
