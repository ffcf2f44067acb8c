using Microsoft.EntityFrameworkCore;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

internal static class Snapshots
{
    /// <summary>All rows of a snapshot, refused when there are more than a stream may begin with.</summary>
    public static async Task<List<T>> ToSnapshotAsync<T>(this IQueryable<T> query, CancellationToken cancellation)
    {
        List<T> rows = await query.Take(Limits.SnapshotMax + 1).ToListAsync(cancellation);
        return rows.Count <= Limits.SnapshotMax ? rows : throw new GraphQLException(GraphQLError.OverLimit(
            $"More than {Limits.SnapshotMax} match: narrow `where`, or read `streamCursor`, then pages of the query, and subscribe with `after`.",
            "snapshot", Limits.SnapshotMax));
    }

    /// <summary>One message a page, and one for an empty snapshot too: the client learns that there is nothing.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="cursors">How clients carry places.</param>
    /// <param name="cursor">
    /// Where changes go on. Only the last page has it: a stream that breaks before has to begin again, so the cursor of the others is of no epoch.
    /// </param>
    /// <param name="message">Makes a message of a page.</param>
    public static IReadOnlyList<TMessage> InPages<T, TMessage>(
        this IReadOnlyList<T> rows, EventCursors cursors, EventCursor cursor, Func<SnapshotPage<T>, TMessage> message)
    {
        T[][] pages = rows.Count == 0 ? [[]] : [.. rows.Chunk(Limits.SnapshotPageMax)];
        int last = pages.Length - 1;
        return [.. pages.Select((page, index) => message(
            new(cursors.Write(index == last ? cursor : default), page, IsFirst: index == 0, IsLast: index == last)))];
    }
}

/// <summary>A part of a snapshot, for one message.</summary>
internal sealed record SnapshotPage<T>(string Cursor, IReadOnlyList<T> Rows, bool IsFirst, bool IsLast);
