using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>What every message of a subscription carries.</summary>
[InterfaceType("StreamEvent")]
public interface IStreamEvent : IHasCursor
{
    /// <summary>Where the stream is after this message. Subscribe again with <c>after</c> set to it to miss nothing. Opaque.</summary>
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
/// Changes may be missing before this message: the cursor that the stream was to go on from is older than what is kept, or of another database.
/// Forget the state; a snapshot follows.
/// </summary>
public sealed record StreamReset(string Cursor, string Message) : IStreamEvent;

/// <summary>Nothing that matches has changed for a while; the cursor moved on.</summary>
public sealed record StreamBookmark(string Cursor) : IStreamEvent;
