using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

[QueryType]
public static class StreamQuery
{
    /// <summary>
    /// Where all subscriptions are at this moment. For lists that are too long for a snapshot: read this, then the pages of the query, then subscribe with
    /// <c>after</c> set to this; changes since then follow.
    /// </summary>
    public static async Task<string> GetStreamCursor(EventStore store, EventCursors cursors, CancellationToken cancellation) =>
        cursors.Write((await store.ReadRangeAsync(cancellation)).End);
}
