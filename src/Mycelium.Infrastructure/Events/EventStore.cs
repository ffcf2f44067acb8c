using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Events;

/// <summary>
/// Reads numbered events: new ones on connections that keep the plan, so that no read is planned again; those of returning clients on the shared ones.
/// </summary>
public sealed class EventStore(NpgsqlDataSource database, KeyedSource keyed, IOptions<EventOptions> options)
{
    /// <summary>$1: a number whose mark is also read.</summary>
    private const string Range = """
        SELECT epoch, first_seq, last_seq,
            coalesce((SELECT mark FROM event_numbers WHERE seq = last_seq), 0), coalesce((SELECT mark FROM event_numbers WHERE seq = $1), 0)
        FROM event_counter
        """;

    private const string IsAnyWaiting = "SELECT EXISTS (SELECT FROM events_waiting)";

    /// <summary>
    /// Each event is looked up by its key. When PostgreSQL planned this again for each position, considering joins took a quarter of the time.
    /// </summary>
    private const string Page = """
        SELECT seq, mark, event.*
        FROM (SELECT seq, coalesce(mark, 0) AS mark, event_id FROM event_numbers WHERE seq > $1 ORDER BY seq LIMIT $2) AS number
        CROSS JOIN LATERAL (
            SELECT kind, reason, created_at, node_id, rental_id, account_id, state, previous FROM events WHERE id = event_id OFFSET 0) AS event
        ORDER BY seq
        """;

    public async Task<EventRange> ReadRangeAsync(CancellationToken cancellation) => (await ReadRangeAsync(0, cancellation).ConfigureAwait(false)).Range;

    /// <summary>The range, and the mark of one event; 0 where there is no such event, or it has none.</summary>
    public Task<(EventRange Range, long Mark)> ReadRangeAsync(long seq, CancellationToken cancellation) => database.UseAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(Range, seq);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return (await reader.RowsAsync(ReadRange, cancellation).ConfigureAwait(false))[0];
        },
        cancellation);

    /// <summary>
    /// Where events end, as one transaction sees it, so that it belongs to whatever else that transaction reads. Where changes are visible that have no number
    /// yet, it is not possible to resume from there: were they lost with a failover, nothing would show it.
    /// </summary>
    public static async Task<EventCursor> ReadEndAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(Range, 0L).Then(IsAnyWaiting);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        EventCursor end = (await reader.RowsAsync(ReadRange, cancellation).ConfigureAwait(false))[0].Range.End;
        bool isAnyWaiting = (await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false))[0];
        return isAnyWaiting ? end with { Mark = EventCursor.Unmarked } : end;
    }

    /// <summary>The next events after a position, in order, at most a page of them, and before them whether the position is still one.</summary>
    public Task<EventPage> ReadPageAsync(EventCursor after, CancellationToken cancellation) =>
        database.UseAsync(connection => ReadPageAsync(connection, after, cancellation), cancellation);

    /// <summary>The same for the one reader of new events.</summary>
    public async Task<EventPage> ReadNewAsync(EventCursor after, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await keyed.Connections.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        return await ReadPageAsync(connection, after, cancellation).ConfigureAwait(false);
    }

    /// <summary>Begins a new epoch, unless another replica has done so: every cursor of the one before is void from now on.</summary>
    public async Task<EventRange> EndEpochAsync(Guid epoch, CancellationToken cancellation)
    {
        await using (NpgsqlCommand end = database.CreateCommand("UPDATE event_counter SET epoch = gen_random_uuid() WHERE epoch = $1"))
        {
            end.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = epoch });
            await end.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }
        return await ReadRangeAsync(cancellation).ConfigureAwait(false);
    }

    private async Task<EventPage> ReadPageAsync(NpgsqlConnection connection, EventCursor after, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(Range, after.Seq).Then(Page, after.Seq, options.Value.PageSize);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        (EventRange range, long mark) = (await reader.RowsAsync(ReadRange, cancellation).ConfigureAwait(false))[0];
        return new EventPage(range, mark, await reader.RowsAsync(Read, cancellation).ConfigureAwait(false));
    }

    private static (EventRange Range, long Mark) ReadRange(NpgsqlDataReader row) =>
        (new(row.GetGuid(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), row.GetInt64(4));

    private static CommittedEvent Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetInt64(1),
        Enum.TryParse(row.GetString(2), ignoreCase: true, out EventKind kind) ? kind : EventKind.Unknown,
        ChangeReasons.Parse(row.GetString(3)),
        row.GetFieldValue<DateTimeOffset>(4),
        row.IsDBNull(5) ? null : new NodeId(row.GetInt64(5)),
        row.IsDBNull(6) ? null : new RentalId(row.GetGuid(6)),
        row.IsDBNull(7) ? null : new AccountId(row.GetGuid(7)),
        row.GetString(8),
        row.IsDBNull(9) ? null : row.GetString(9));
}

/// <summary>Events after a position, read together with the range they are of.</summary>
/// <param name="Range">The events that exist.</param>
/// <param name="MarkThere">The mark of the event that has the position's number; 0 if there is none.</param>
/// <param name="Events">In order; fewer than a page when there are no more.</param>
public sealed record EventPage(EventRange Range, long MarkThere, IReadOnlyList<CommittedEvent> Events);
