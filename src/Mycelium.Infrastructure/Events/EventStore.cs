using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Events;

/// <summary>Reads numbered events: new ones on connections that keep the plan, so that this takes no planning each time; those of clients that return on the others, which they share.</summary>
public sealed class EventStore(NpgsqlDataSource database, KeyedSource keyed, IOptions<EventOptions> options)
{
    private const string Range = "SELECT epoch, first_seq, last_seq FROM event_counter";

    /// <summary>Each event is looked up by its key. Where PostgreSQL plans this for each position anew, it took a quarter of the time to consider joins.</summary>
    private const string Page = """
        SELECT seq, event.*
        FROM (SELECT seq, event_id FROM event_numbers WHERE seq > $1 ORDER BY seq LIMIT $2) AS number
        CROSS JOIN LATERAL (
            SELECT kind, reason, created_at, node_id, rental_id, account_id, state, previous FROM events WHERE id = event_id OFFSET 0) AS event
        ORDER BY seq
        """;

    public Task<EventRange> ReadRangeAsync(CancellationToken cancellation) =>
        database.UseAsync(connection => ReadRangeAsync(connection, cancellation), cancellation);

    /// <summary>The range as one transaction sees it, so that it belongs to whatever else that transaction reads.</summary>
    public static async Task<EventRange> ReadRangeAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Range, connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return ReadRange(reader);
    }

    /// <summary>The next events after a position, in order, at most a page of them.</summary>
    public Task<IReadOnlyList<CommittedEvent>> ReadPageAsync(long after, CancellationToken cancellation) => database.UseAsync<IReadOnlyList<CommittedEvent>>(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(Page, after, options.Value.PageSize);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await reader.RowsAsync(Read, cancellation).ConfigureAwait(false);
        },
        cancellation);

    /// <summary>A page, and before it the range, in one round trip: who polls also learns that the database is another one now.</summary>
    public async Task<(EventRange Range, IReadOnlyList<CommittedEvent> Page)> ReadNewAsync(long after, CancellationToken cancellation)
    {
        await using NpgsqlConnection connection = await keyed.Connections.OpenConnectionAsync(cancellation).ConfigureAwait(false);
        await using NpgsqlBatch batch = connection.Send(Range).Then(Page, after, options.Value.PageSize);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        List<EventRange> range = await reader.RowsAsync(ReadRange, cancellation).ConfigureAwait(false);
        return (range[0], await reader.RowsAsync(Read, cancellation).ConfigureAwait(false));
    }

    private static EventRange ReadRange(NpgsqlDataReader row) => new(row.GetGuid(0), row.GetInt64(1), row.GetInt64(2));

    private static CommittedEvent Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        Enum.TryParse(row.GetString(1), ignoreCase: true, out EventKind kind) ? kind : EventKind.Unknown,
        Enum.TryParse(row.GetString(2), out EventReason reason) ? reason : EventReason.Unknown,
        row.GetFieldValue<DateTimeOffset>(3),
        row.IsDBNull(4) ? null : new NodeId(row.GetInt64(4)),
        row.IsDBNull(5) ? null : new RentalId(row.GetGuid(5)),
        row.IsDBNull(6) ? null : new AccountId(row.GetGuid(6)),
        row.GetString(7),
        row.IsDBNull(8) ? null : row.GetString(8));
}
