using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>The possible results of requesting a price.</summary>
public interface IRentalQuoteResult;

/// <summary>The itemised price.</summary>
public sealed record RentalQuoted(Quote Quote) : IRentalQuoteResult;

/// <summary>The node does not sell a slice combination with this ID, or no longer does.</summary>
public sealed record SliceCombinationNotFound(SliceCombinationId SliceCombinationId)
    : IRentalQuoteResult, IRentSlicesResult, IReserveSlicesResult, IMoveRentalResult, IProblem
{
    public string Message => "There is no slice combination with this ID. Query the combinations again.";
    public ProblemCode Code => ProblemCode.SliceCombinationNotFound;
}

/// <summary>Nothing can be rented or extended on the node now; <paramref name="Reason"/> is the reason.</summary>
public sealed record NodeUnavailable(NodeId NodeId, string Grid, NodeUnavailability Reason)
    : IRentalQuoteResult, IRentSlicesResult, IReserveSlicesResult, IMoveRentalResult, IPlaceMachineResult, IExtensionRefusal
{
    /// <summary>The node's number on its grid.</summary>
    public long GridId => NodeId.Number;
    public string Message => $"Node {GridId} of grid {Grid} {Because()}, so nothing can be rented or extended there now.";
    public ProblemCode Code => ProblemCode.NodeUnavailable;

    private string Because() => Reason switch
    {
        NodeUnavailability.NotRegistered => "is not registered",
        NodeUnavailability.NotPublished => "is not for rent",
        NodeUnavailability.Vanished => "is no longer listed by its grid",
        NodeUnavailability.Doubted => "is reported by its grid with implausible values",
        NodeUnavailability.Down => "is down",
        NodeUnavailability.Dedicated => "can be rented only as a whole, on its grid",
        NodeUnavailability.RentedOnGrid => "is rented as a whole on its grid",
        NodeUnavailability.RentedWhole => "is rented whole",
        NodeUnavailability.Overcommitted => "has less capacity than is rented",
        _ => "sells nothing",
    };
}

/// <summary>Fewer units are free than requested.</summary>
public sealed record NotEnoughSlices(SliceCombinationId SliceCombinationId, int Requested, int Available)
    : IRentalQuoteResult, IRentSlicesResult, IReserveSlicesResult, IMoveRentalResult, IProblem
{
    public string Message => Available == 0
        ? "No units of this slice combination are free."
        : $"You asked for {Requested} units; {Available} {(Available == 1 ? "is" : "are")} free.";
    public ProblemCode Code => ProblemCode.NotEnoughSlices;
}

/// <summary>A term is a number of hours or a number of months, within these bounds.</summary>
public sealed record InvalidRentalTerm(int? Hours, int? Months) : IRentalQuoteResult, IRentSlicesResult, INodeQuoteResult, IRentNodeResult, IExtensionRefusal
{
    public int HoursMin { get; } = RentalHours.Min;
    public int HoursMax { get; } = RentalHours.Max;
    public IReadOnlyList<int> MonthChoices { get; } = RentalTerm.MonthChoices;
    public string Message => Hours.HasValue == Months.HasValue
        ? "`term` needs exactly one of `hours` and `months`."
        : $"Give either {HoursMin} to {HoursMax} hours, or {string.Join(", ", MonthChoices)} months.";
    public ProblemCode Code => ProblemCode.InvalidRentalTerm;
}

/// <summary>A rental has between <see cref="Min"/> and <see cref="Max"/> units.</summary>
public sealed record InvalidQuantity(int Quantity) : IRentalQuoteResult, IRentSlicesResult, IReserveSlicesResult, IPlaceMachineResult, IProblem
{
    public int Min { get; } = RentalWish.QuantityMin;
    public int Max { get; } = RentalWish.QuantityMax;
    public string Message => $"A rental must have between {Min} and {Max} units.";
    public ProblemCode Code => ProblemCode.InvalidQuantity;
}
