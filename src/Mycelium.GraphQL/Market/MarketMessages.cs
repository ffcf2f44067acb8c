using Mycelium.Domain.Market;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Events;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Market;

/// <summary>Everything that <c>onSliceCombinationChanged</c> delivers.</summary>
[UnionType("SliceCombinationMessage", Members = [typeof(StreamReset), typeof(StreamBookmark)])]
public interface ISliceCombinationMessage : IStreamEvent;

/// <summary>A part of what matches at the start of the stream.</summary>
/// <param name="Cursor">Where the stream continues. Before the last part, resuming from it starts the snapshot over.</param>
/// <param name="SliceCombinations">At most 500.</param>
/// <param name="IsFirst">A snapshot starts: discard the state that you have from this stream.</param>
/// <param name="IsLast">The snapshot is complete with this message.</param>
public sealed record SliceCombinationsSnapshot(
    string Cursor, [property: ListSize(AssumedSize = Limits.SnapshotPageMax)] IReadOnlyList<SliceCombination> SliceCombinations, bool IsFirst, bool IsLast)
    : ISliceCombinationMessage;

/// <summary>A combination that matches is new, has changed, or has started to match.</summary>
public sealed record SliceCombinationChanged(string Cursor, ChangeReason Reason, SliceCombination SliceCombination) : IChangeEvent, ISliceCombinationMessage;

/// <summary>A combination that matched is gone or no longer matches.</summary>
public sealed record SliceCombinationLeft(string Cursor, ChangeReason Reason, [property: ID<SliceCombination>] SliceCombinationId SliceCombinationId)
    : IChangeEvent, ISliceCombinationMessage;
