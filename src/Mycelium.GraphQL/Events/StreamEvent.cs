using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>What every message of a subscription carries.</summary>
[InterfaceType("StreamEvent")]
public interface IStreamEvent : IHasCursor
{
    /// <summary>The position of the stream after this message. To resume without a gap, subscribe again with <c>after</c> set to it. Opaque.</summary>
    new string Cursor { get; }
}

/// <summary>A message about one change.</summary>
[InterfaceType("ChangeEvent")]
public interface IChangeEvent : IStreamEvent
{
    /// <summary>Why it changed.</summary>
    ChangeReason Reason { get; }
}

/// <summary>
/// Changes may be missing before this message: the cursor is older than what is kept, or belongs to another database. Discard your state; a snapshot
/// follows.
/// </summary>
public sealed record StreamReset(string Cursor, string Message) : IStreamEvent;

/// <summary>Nothing that matches has changed for a while. The cursor has advanced.</summary>
public sealed record StreamBookmark(string Cursor) : IStreamEvent;
