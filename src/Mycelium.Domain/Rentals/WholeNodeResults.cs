using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;

namespace Mycelium.Domain.Rentals;

/// <summary>The possible results of requesting the price of a whole node.</summary>
public interface INodeQuoteResult;

/// <summary>The possible results of renting a whole node.</summary>
public interface IRentNodeResult;

/// <summary>The possible results of placing a machine on a whole node.</summary>
public interface IPlaceMachineResult;

/// <summary>A reason why a node cannot be rented whole now.</summary>
public interface IWholeNodeRefusal : INodeQuoteResult, IRentNodeResult, IProblem;

/// <summary>The itemised price of a whole node.</summary>
public sealed record NodeQuoted(NodeQuote Quote) : INodeQuoteResult;

/// <summary>The node is rented whole and paid.</summary>
public sealed record NodeRented(Rental Rental) : IRentNodeResult;

/// <summary>The machine is being made on the node.</summary>
/// <param name="Rental">The machine's own rental, which costs nothing and ends with its host.</param>
/// <param name="Host">The rental of the whole node.</param>
public sealed record MachinePlaced(Rental Rental, Rental Host) : IPlaceMachineResult;

/// <summary>Slices of the node are rented or held, also by the caller; only an empty node is rented whole.</summary>
public sealed record NodeHasRentals(NodeId NodeId, int AllocatedSlices, int ReservedSlices) : IWholeNodeRefusal
{
    public string Message => ReservedSlices == AllocatedSlices
        ? "Slices of the node are held by somebody who is deciding. Try again in some minutes, or choose another node."
        : "Slices of the node are rented. Choose a node without rentals.";

    public ProblemCode Code => ProblemCode.NodeHasRentals;
}

/// <summary>Somebody rents the node whole.</summary>
public sealed record NodeAlreadyRented(NodeId NodeId) : IWholeNodeRefusal
{
    public string Message => "The node is rented whole. Choose another node, or wait until it is free.";
    public ProblemCode Code => ProblemCode.NodeAlreadyRented;
}

/// <summary>The node cannot be rented whole, for the reason in <paramref name="Reason"/>.</summary>
/// <param name="NodeId">Which node.</param>
/// <param name="Reason">Why it sells nothing; null if it does, and has no slices, or more than a rental can have.</param>
public sealed record NodeNotAvailable(NodeId NodeId, NodeUnavailability? Reason) : IWholeNodeRefusal
{
    public int SlicesMax { get; } = RentalWish.QuantityMax;

    public string Message => Reason is null
        ? $"The node has no slices to rent now, or more than the {SlicesMax} that one rental can have."
        : "The node sells nothing now. Choose another node.";

    public ProblemCode Code => ProblemCode.NodeNotAvailable;
}

/// <summary>The rental is not of a whole node, so no machines are placed on it.</summary>
public sealed record RentalNotOfNode(RentalId RentalId) : IPlaceMachineResult, IProblem
{
    public string Message => "Machines are placed on a node that is rented whole with rentNode. This rental has its own machine.";
    public ProblemCode Code => ProblemCode.RentalNotOfNode;
}

/// <summary>The machines on the node leave fewer slices than requested.</summary>
public sealed record NodeFull(RentalId RentalId, int Requested, int Available) : IPlaceMachineResult, IProblem
{
    public string Message => $"You asked for {Requested} slices; your machines on this node leave {Available}. Cancel one of them, or ask for fewer.";
    public ProblemCode Code => ProblemCode.NodeFull;
}

/// <summary>The rental is a machine on a whole node: it goes on, renews itself and ends with <paramref name="HostRentalId"/>.</summary>
public sealed record MachineFollowsHost(RentalId RentalId, RentalId HostRentalId) : IExtensionRefusal, ISetAutoRenewResult, IMoveRentalResult
{
    public string Message => "This machine is on a node that you rent whole, and its time is that of the node's rental. Extend or renew that one.";
    public ProblemCode Code => ProblemCode.MachineFollowsHost;
}

/// <summary>A whole node is not moved: there may be no other that is empty.</summary>
public sealed record WholeNodeStays(RentalId RentalId) : IMoveRentalResult, IProblem
{
    public string Message => "The rental of a whole node cannot be moved. Cancel it, and rent another node.";
    public ProblemCode Code => ProblemCode.WholeNodeStays;
}
