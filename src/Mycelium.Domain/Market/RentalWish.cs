using Mycelium.Domain.Rentals;

namespace Mycelium.Domain.Market;

/// <summary>What someone wants to rent: a number of units of a slice combination, for a term.</summary>
public sealed record RentalWish
{
    public const int QuantityMin = 1;
    public const int QuantityMax = 1_000;

    public RentalWish(SliceCombinationId sliceCombinationId, int quantity, RentalTerm term)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(quantity, QuantityMin);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(quantity, QuantityMax);
        (SliceCombinationId, Quantity, Term) = (sliceCombinationId, quantity, term);
    }

    public SliceCombinationId SliceCombinationId { get; }

    /// <summary>Units of the combination, 1 to 1,000.</summary>
    public int Quantity { get; }

    public RentalTerm Term { get; }

    /// <summary>Base slices in all units.</summary>
    public int SliceTotal => checked(SliceCombinationId.Multiplier * Quantity);

    /// <summary>The refusal of a quantity outside the range, or null if it is allowed.</summary>
    public static InvalidQuantity? Refuse(int quantity) => quantity is < QuantityMin or > QuantityMax ? new(quantity) : null;
}
