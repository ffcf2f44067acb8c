using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Events;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Nodes;

/// <summary>Everything that <c>onGridNodeChanged</c> delivers.</summary>
[UnionType("GridNodeMessage", Members = [typeof(StreamReset), typeof(StreamBookmark)])]
public interface IGridNodeMessage : IStreamEvent;

/// <summary>A part of what matches at the start of the stream.</summary>
/// <param name="Cursor">Where the stream continues. Before the last part, resuming from it starts the snapshot over.</param>
/// <param name="GridNodes">At most 500.</param>
/// <param name="IsFirst">A snapshot starts: discard the state that you have from this stream.</param>
/// <param name="IsLast">The snapshot is complete with this message.</param>
public sealed record GridNodesSnapshot(
    string Cursor, [property: ListSize(AssumedSize = Limits.SnapshotPageMax)] IReadOnlyList<GridNode> GridNodes, bool IsFirst, bool IsLast)
    : IGridNodeMessage;

/// <summary>A node that matches is new, has changed, or has started to match.</summary>
public sealed record GridNodeChanged(string Cursor, ChangeReason Reason, GridNode GridNode) : IChangeEvent, IGridNodeMessage;

/// <summary>A node that matched no longer matches.</summary>
public sealed record GridNodeLeft(string Cursor, ChangeReason Reason, [property: ID<GridNode>] NodeId NodeId) : IChangeEvent, IGridNodeMessage;
