using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

[QueryType]
public static class StreamQuery
{
    /// <summary>
    /// The current position of all subscriptions. For lists that are too long for a snapshot: read this first, then the pages of the query, and then
    /// subscribe with <c>after</c> set to it to receive the changes since then.
    /// </summary>
    public static async Task<string> GetStreamCursor(EventStore store, EventCursors cursors, CancellationToken cancellation) =>
        cursors.Write((await store.ReadRangeAsync(cancellation)).End);
}
