using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>The possible results of moving a rental to another node.</summary>
public interface IMoveRentalResult;

/// <summary>The rental goes on as another one, on the other node.</summary>
/// <param name="Rental">The rental on the other node.</param>
/// <param name="From">The rental that it continues, which has ended.</param>
public sealed record RentalMoved(Rental Rental, Rental From) : IMoveRentalResult;

/// <summary>The rental's node is not down, or not for long enough yet.</summary>
/// <param name="RentalId">Which rental.</param>
/// <param name="NodeId">Its node.</param>
/// <param name="DownSince">The node's last report, if it is down.</param>
/// <param name="MovableAt">When the rental can be moved, if the node stays down until then.</param>
public sealed record NodeNotDown(RentalId RentalId, NodeId NodeId, DateTimeOffset? DownSince, DateTimeOffset? MovableAt) : IMoveRentalResult, IProblem
{
    public string Message => (DownSince, MovableAt) is ({ } since, { } at)
        ? $"The node is down since {since:u}. If it stays down, the rental can be moved from {at:u} on."
        : "The node is not down. A rental can be moved when its node has been down for some time; otherwise cancel it and rent another.";

    public ProblemCode Code => ProblemCode.NodeNotDown;
}

/// <summary>The rental's slices are not a whole number of units of the combination.</summary>
public sealed record CombinationDoesNotFit(SliceCombinationId SliceCombinationId, int Multiplier, int SliceTotal) : IMoveRentalResult, IProblem
{
    public string Message =>
        $"The rental has {SliceTotal} slices, which is not a whole number of {Multiplier}x units. Choose a combination whose size divides it.";

    public ProblemCode Code => ProblemCode.CombinationDoesNotFit;
}

/// <summary>What is left of the rental does not pay for an hour on the other node.</summary>
public sealed record InsufficientRemaining(RentalId RentalId, MicroUsd Remaining, MicroUsdPerHour PricePerHour) : IMoveRentalResult, IProblem
{
    public string Message =>
        $"{Remaining} USD of the rental are unused, and an hour there costs {PricePerHour} USD. Cancel the rental, or choose a cheaper combination.";

    public ProblemCode Code => ProblemCode.InsufficientRemaining;
}
