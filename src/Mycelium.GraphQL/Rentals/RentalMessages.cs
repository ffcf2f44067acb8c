using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Events;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Rentals;

/// <summary>Everything that <c>onRentalChanged</c> delivers.</summary>
[UnionType("RentalMessage", Members = [typeof(StreamReset), typeof(StreamBookmark)])]
public interface IRentalMessage : IStreamEvent;

/// <summary>A part of the caller's active rentals at the start of the stream.</summary>
/// <param name="Cursor">Where the stream continues. Before the last part, resuming from it starts the snapshot over.</param>
/// <param name="Rentals">At most 500.</param>
/// <param name="IsFirst">A snapshot starts: discard the state that you have from this stream.</param>
/// <param name="IsLast">The snapshot is complete with this message.</param>
public sealed record RentalsSnapshot(
    string Cursor, [property: ListSize(AssumedSize = Limits.SnapshotPageMax)] IReadOnlyList<Rental> Rentals, bool IsFirst, bool IsLast)
    : IRentalMessage;

/// <summary>One of the caller's rentals began, changed or ended.</summary>
public sealed record RentalChanged(string Cursor, ChangeReason Reason, Rental Rental) : IChangeEvent, IRentalMessage;
