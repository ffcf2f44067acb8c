using System.Globalization;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Events;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>A change in the life of a rental, and the rental as it was afterwards.</summary>
/// <param name="At">When.</param>
/// <param name="Reason">What happened.</param>
/// <param name="Status">The state that it led to.</param>
/// <param name="EndsAt">Until when the rental was paid; before billing begins, as if it had begun when the slices were taken.</param>
/// <param name="Paid">Everything that had been charged.</param>
/// <param name="Refunded">Everything that had been refunded.</param>
public sealed record RentalMoment(DateTimeOffset At, ChangeReason Reason, RentalStatus Status, DateTimeOffset EndsAt, MicroUsd Paid, MicroUsd Refunded);

/// <summary>What a metered rental paid for a day (UTC), or a part of one.</summary>
/// <param name="StartsAt">The first instant that was paid.</param>
/// <param name="EndsAt">Until when it is paid: on the last day, the end of the running hour.</param>
/// <param name="Slices">For the slices.</param>
/// <param name="Refunded">What of that came back when the rental ended.</param>
/// <param name="PublicIpHours">Hours of public addresses, as its machine's provisioner counts them.</param>
/// <param name="PublicIps">For these.</param>
/// <param name="TrafficGib">GiB of traffic, likewise.</param>
/// <param name="Traffic">For these.</param>
public sealed record MeteredDay(
    DateTimeOffset StartsAt, DateTimeOffset EndsAt, MicroUsd Slices, MicroUsd Refunded, long PublicIpHours, MicroUsd PublicIps, long TrafficGib,
    MicroUsd Traffic)
{
    /// <summary>In UTC: year, month and day, such as <c>2026-11-30</c>.</summary>
    public string Day => StartsAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>Paid hours; the first and the last may be parts of one.</summary>
    public double Hours => (EndsAt - StartsAt).TotalHours;
}

/// <summary>Reads what was paid for rentals, what happened to them, and which slices they hold.</summary>
public sealed class RentalHistory(NpgsqlDataSource database)
{
    /// <summary>
    /// Of one rental. A rental that renews itself every hour for a year has more; the newest are returned then. Nobody reads longer lists, and a list of
    /// rentals multiplies this.
    /// </summary>
    public const int RowsMax = 1_000;

    public Task<IReadOnlyDictionary<RentalId, IReadOnlyList<RentalSegment>>> SegmentsAsync(IReadOnlyList<RentalId> rentals, CancellationToken cancellation) =>
        ReadAsync(
            """
            SELECT rental.id, to_jsonb(segment)::text FROM unnest($1) AS rental (id) CROSS JOIN LATERAL (
                SELECT * FROM rental_segments WHERE rental_id = rental.id ORDER BY number DESC LIMIT $2) AS segment
            ORDER BY rental.id, segment.number
            """,
            rentals, row => RowJson.Read<RentalSegment>(row.GetString(1)), cancellation);

    public Task<IReadOnlyDictionary<RentalId, IReadOnlyList<MeteredDay>>> MeteredDaysAsync(IReadOnlyList<RentalId> rentals, CancellationToken cancellation) =>
        ReadAsync(
            """
            SELECT rental.id, starts_at, ends_at, paid, refunded, public_ip_hours, public_ip_paid, traffic_gib, traffic_paid
            FROM unnest($1) AS rental (id) CROSS JOIN LATERAL (
                SELECT * FROM rental_segments WHERE rental_id = rental.id AND kind = 'Metered' ORDER BY number DESC LIMIT $2) AS day
            ORDER BY rental.id, day.number
            """,
            rentals,
            row => new MeteredDay(
                row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), MicroUsd.From(row.GetInt64(3)), MicroUsd.From(row.GetInt64(4)),
                row.GetInt64(5), MicroUsd.From(row.GetInt64(6)), row.GetInt64(7), MicroUsd.From(row.GetInt64(8))),
            cancellation);

    public Task<IReadOnlyDictionary<RentalId, IReadOnlyList<RentalMoment>>> TimelineAsync(IReadOnlyList<RentalId> rentals, CancellationToken cancellation) =>
        ReadAsync(
            """
            SELECT rental.id, at, reason::text, status::text, ends_at, paid, refunded FROM unnest($1) AS rental (id) CROSS JOIN LATERAL (
                SELECT * FROM rental_timeline WHERE rental_id = rental.id ORDER BY version DESC LIMIT $2) AS moment
            ORDER BY rental.id, moment.version
            """,
            rentals,
            row => new RentalMoment(
                row.GetFieldValue<DateTimeOffset>(1), ChangeReasons.Parse(row.GetString(2)), RentalStatuses.Parse(row.GetString(3)),
                row.GetFieldValue<DateTimeOffset>(4), MicroUsd.From(row.GetInt64(5)), MicroUsd.From(row.GetInt64(6))),
            cancellation);

    /// <summary>The numbers of the slices that live rentals hold on their nodes, from 0. At most 512 each: a node has no more.</summary>
    public Task<IReadOnlyDictionary<RentalId, IReadOnlyList<int>>> SliceNumbersAsync(IReadOnlyList<RentalId> rentals, CancellationToken cancellation) =>
        ReadAsync(
            """
            SELECT rental.id, slice_index::integer FROM unnest($1) AS rental (id) CROSS JOIN LATERAL (
                SELECT slice_index FROM slices WHERE rental_id = rental.id ORDER BY slice_index LIMIT $2) AS held
            """,
            rentals, row => row.GetInt32(1), cancellation);

    private Task<IReadOnlyDictionary<RentalId, IReadOnlyList<T>>> ReadAsync<T>(
        string sql, IReadOnlyList<RentalId> rentals, Func<NpgsqlDataReader, T> read, CancellationToken cancellation) =>
        database.UseIfAvailableAsync<IReadOnlyDictionary<RentalId, IReadOnlyList<T>>>(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.Send(sql, rentals.Select(rental => rental.Value).ToArray(), RowsMax);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                var rows = await reader.RowsAsync(row => (Id: new RentalId(row.GetGuid(0)), Value: read(row)), cancellation).ConfigureAwait(false);
                return rows.GroupBy(row => row.Id, row => row.Value).ToDictionary(group => group.Key, group => (IReadOnlyList<T>)[.. group]);
            },
            cancellation);
}
