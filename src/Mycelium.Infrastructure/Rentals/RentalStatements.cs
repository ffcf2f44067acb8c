using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Slices;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>The statements that read and write rentals. Their events and timeline follow by trigger.</summary>
internal static class RentalStatements
{
    /// <summary>A rental with its segments, as JSON. The row is called <c>rental</c>.</summary>
    public const string Whole = """
        (to_jsonb(rental) || jsonb_build_object('segments', coalesce(
            (SELECT jsonb_agg(to_jsonb(segment) ORDER BY number) FROM rental_segments AS segment WHERE segment.rental_id = rental.id), '[]')))::text
        """;

    private static readonly InsertMany<Rental> insert = new InsertMany<Rental>("rentals")
        .Column("id", rental => rental.Id.Value)
        .Column("renter_id", rental => rental.RenterId.Value)
        .Column("node_id", rental => rental.NodeId.Value)
        .Column("farmer_id", rental => rental.FarmerId.Value)
        .Column("name", rental => rental.Name)
        .Column("multiplier", rental => rental.Multiplier)
        .Column("quantity", rental => rental.Quantity)
        .Column("slice_total", rental => rental.SliceTotal)
        .Column("price_per_hour", rental => rental.PricePerHour.Value)
        .Column("hours", rental => rental.Hours.Value)
        .Column("months", rental => rental.Months)
        .Column("discount", rental => rental.Discount.Value)
        .Column("paid", rental => rental.Paid.Value)
        .Column("refunded", rental => rental.Refunded.Value)
        .Column("fee", rental => rental.Fee.Value)
        .Column("penalty_rate", rental => rental.PenaltyRate.Value)
        .Column("billing", rental => rental.Billing.ToString())
        .Column("spending_limit", rental => rental.SpendingLimit?.Value)
        .Column("status", rental => rental.Status.ToString())
        .Column("starts_at", rental => rental.StartsAt)
        .Column("ends_at", rental => rental.EndsAt)
        .Column("activated_at", rental => rental.ActivatedAt)
        .Column("ssh_public_key", rental => rental.SshPublicKey)
        .Column("quote_id", rental => rental.QuoteId?.Value)
        .Column("auto_renew_max", rental => rental.AutoRenewMax?.Value)
        .Column("renews_at", rental => rental.RenewsAt)
        .Column("moved_from", rental => rental.MovedFrom?.Value)
        .Column("kind", rental => rental.Kind.ToString())
        .Column("node_discount", rental => rental.NodeDiscount.Value)
        .Column("host_rental_id", rental => rental.HostRentalId?.Value)
        .Column("version", rental => rental.Version);

    private static readonly InsertMany<RentalSegment> insertSegments = new InsertMany<RentalSegment>("rental_segments")
        .Column("rental_id", segment => segment.RentalId.Value)
        .Column("number", segment => segment.Number)
        .Column("kind", segment => segment.Kind.ToString())
        .Column("starts_at", segment => segment.StartsAt)
        .Column("ends_at", segment => segment.EndsAt)
        .Column("price_per_hour", segment => segment.PricePerHour.Value)
        .Column("hours", segment => segment.Hours?.Value)
        .Column("months", segment => segment.Months)
        .Column("discount", segment => segment.Discount.Value)
        .Column("paid", segment => segment.Paid.Value)
        .Column("quote_id", segment => segment.QuoteId?.Value);

    private const string UpdateSegments = """
        UPDATE rental_segments AS segment
        SET starts_at = changed.starts_at, ends_at = changed.ends_at, refunded = changed.refunded, is_returned = changed.is_returned
        FROM jsonb_populate_recordset(NULL::rental_segments, $1) AS changed
        WHERE segment.rental_id = changed.rental_id AND segment.number = changed.number
        """;

    private const string Update = """
        UPDATE rentals
        SET name = changed.name, spending_limit = changed.spending_limit, price_per_hour = changed.price_per_hour, paid = changed.paid,
            refunded = changed.refunded, written_off = changed.written_off,
            status = changed.status, starts_at = changed.starts_at, ends_at = changed.ends_at, activated_at = changed.activated_at,
            auto_renew_max = changed.auto_renew_max, renews_at = changed.renews_at, grace_ends_at = changed.grace_ends_at,
            ended_at = changed.ended_at, end_reason = changed.end_reason, version = changed.version
        FROM jsonb_populate_recordset(NULL::rentals, $1) AS changed
        WHERE rentals.id = changed.id
        """;

    public static Rental ReadRental(NpgsqlDataReader row) => RowJson.Read<Rental>(row.GetString(0));

    /// <summary>Locks a rental of this account and reads it with its segments. Another account's is not found.</summary>
    public static NpgsqlBatch ThenLockRental(this NpgsqlBatch batch, AccountId renter, RentalId id) => batch.Then(
        "SELECT FROM rentals WHERE id = $1 AND renter_id = $2 FOR NO KEY UPDATE", id.Value, renter.Value).Then(
        $"SELECT {Whole} FROM rentals AS rental WHERE id = $1 AND renter_id = $2", id.Value, renter.Value).ThenLockMachinesOn([id.Value]);

    /// <summary>
    /// Locks the machines on whole nodes, after the rentals of the nodes and before any wallet: a trigger changes them with their host. For other rentals it
    /// locks nothing.
    /// </summary>
    public static NpgsqlBatch ThenLockMachinesOn(this NpgsqlBatch batch, Guid[] hosts) =>
        batch.Then("SELECT FROM rentals WHERE host_rental_id = ANY ($1) AND ended_at IS NULL ORDER BY id FOR NO KEY UPDATE", hosts);

    /// <summary>Reads past the lock to the rental, and past the lock of its machines.</summary>
    public static async Task<Rental?> ReadLockedRentalAsync(this NpgsqlDataReader reader, CancellationToken cancellation)
    {
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        Rental? rental = (await reader.RowsAsync(ReadRental, cancellation).ConfigureAwait(false)).SingleOrDefault();
        await reader.NextResultAsync(cancellation).ConfigureAwait(false);
        return rental;
    }

    /// <summary>Writes rentals that begin, with their first segments.</summary>
    public static NpgsqlBatch ThenInsertRentals(this NpgsqlBatch batch, IReadOnlyCollection<Rental> started)
    {
        insert.AddTo(batch, started);
        return insertSegments.AddTo(batch, [.. started.SelectMany(rental => rental.Segments)]);
    }

    /// <summary>
    /// Writes what the domain did to rentals that this transaction has locked: new segments and their charges, what was given back, and where a rental ended,
    /// its slices and its settlement.
    /// </summary>
    /// <param name="batch">The transaction so far.</param>
    /// <param name="changes">Rentals that were live.</param>
    /// <param name="now">When it was decided.</param>
    public static NpgsqlBatch ThenSave(this NpgsqlBatch batch, IReadOnlyCollection<RentalChange> changes, DateTimeOffset now)
    {
        insertSegments.AddTo(batch, [.. changes.SelectMany(change => change.Added)]);
        RentalSegment[] changed = [.. changes.SelectMany(change => change.Changed)];
        if (changed.Length > 0)
            batch.Then(UpdateSegments, Statements.Json(JsonSerializer.Serialize(changed, RowJson.Options)));
        batch.Then(Update, Statements.Json(JsonSerializer.Serialize(changes.Select(change => change.Rental), RowJson.Options)));
        Rental[] ended = [.. changes.Select(change => change.Rental).Where(rental => !rental.IsLive)];
        if (ended.Length > 0)
            batch.ThenReturnSlices(ended);
        return batch.ThenAppend(
            [
                .. changes.SelectMany(change => change.Added.Select(segment => LedgerEntry.Charge(change.Rental, segment))),
                .. changes.SelectMany(change => change.Returned.Select(segment => LedgerEntry.Refund(change.Rental, segment))),
                .. ended.Select(LedgerEntry.Settlement),
            ], now);
    }
}

/// <summary>A rental that the domain has changed, and its segments as they were read.</summary>
internal sealed record RentalChange(Rental Rental, IReadOnlyList<RentalSegment> Before)
{
    public IEnumerable<RentalSegment> Added => Rental.Segments.Skip(Before.Count);

    public IEnumerable<RentalSegment> Changed => Rental.Segments.Zip(Before).Where(pair => pair.First != pair.Second).Select(pair => pair.First);

    /// <summary>Given back before they started.</summary>
    public IEnumerable<RentalSegment> Returned =>
        Rental.Segments.Zip(Before).Where(pair => pair.First.IsReturned && !pair.Second.IsReturned).Select(pair => pair.First);
}
