using Mycelium.Domain.Market;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>
/// A part of a rental that was paid at once, from <see cref="StartsAt"/> up to, but not including, <see cref="EndsAt"/>. The segments of a rental follow each
/// other without gaps.
/// </summary>
/// <remarks>The one place that turns time into money; docs/money.md has all amounts and how they are rounded.</remarks>
/// <param name="RentalId">Of which rental.</param>
/// <param name="Number">1 for the first, then 2, 3 and so on.</param>
/// <param name="Kind">Why it was paid.</param>
/// <param name="StartsAt">The first instant that it pays for.</param>
/// <param name="EndsAt">The instant after the last one.</param>
/// <param name="PricePerHour">Of all slices, before discount.</param>
/// <param name="Hours">The term; null for time in grace, which is paid as it passed, for hours of a metered rental, and for what a move bought.</param>
/// <param name="Months">The term in billing months, if it was given in months.</param>
/// <param name="Discount">What the term took off the list price.</param>
/// <param name="Paid">What was charged for it.</param>
/// <param name="Refunded">What was given back of that.</param>
/// <param name="IsReturned">It was given back whole before it started, and counts no longer.</param>
/// <param name="QuoteId">The quote that it used, if any.</param>
public sealed record RentalSegment(
    RentalId RentalId, int Number, RentalSegmentKind Kind, DateTimeOffset StartsAt, DateTimeOffset EndsAt, MicroUsdPerHour PricePerHour, RentalHours? Hours,
    int? Months, BasisPoints Discount, MicroUsd Paid, MicroUsd Refunded = default, bool IsReturned = false, QuoteId? QuoteId = null)
{
    /// <summary>A renter who cancels pays for at least this long.</summary>
    public static readonly TimeSpan UsedMin = TimeSpan.FromHours(1);

    /// <summary>The term that was paid; null for time in grace, for hours of a metered rental, and for what a move bought.</summary>
    public RentalTerm? Term => Hours is { } hours ? RentalTerm.Of(hours, Months, Discount) : null;

    private TimeSpan Length => EndsAt - StartsAt;

    /// <summary>
    /// What has been earned of it by an instant: paid × elapsed ÷ length, rounded down. This is one division, never a sum of rounded parts, so it does not
    /// matter how often it is computed.
    /// </summary>
    public MicroUsd EarnedAt(DateTimeOffset at) =>
        IsReturned ? MicroUsd.Zero : MicroUsd.From((long)Rounding.Floor(Paid.Value * (Int128)ElapsedAt(at).Ticks, Length.Ticks));

    /// <summary>
    /// What is kept of it when its renter cancels: the used time at the discount that its length has earned, at least an hour of it if this is the first
    /// segment, and never more than was paid. Nothing before it has started.
    /// </summary>
    public MicroUsd KeptAt(DateTimeOffset at)
    {
        TimeSpan used = ElapsedAt(at);
        if (Number == 1 && used < UsedMin)
            used = Length < UsedMin ? Length : UsedMin;
        if (IsReturned || used == TimeSpan.Zero)
            return MicroUsd.Zero;
        if (used == Length)
            return Paid;
        BasisPoints earned = RentalTerm.DiscountOf(used);
        return Min(Paid, CostOf(PricePerHour, used, earned.CompareTo(Discount) < 0 ? earned : Discount));
    }

    /// <summary>What time costs at a rate: rate × time less the discount, rounded down.</summary>
    public static MicroUsd CostOf(MicroUsdPerHour rate, TimeSpan time, BasisPoints discount = default)
    {
        Int128 numerator = rate.Value * (Int128)time.Ticks * (BasisPoints.Whole - discount.Value);
        return MicroUsd.From(checked((long)Rounding.Floor(numerator, TimeSpan.TicksPerHour * (Int128)BasisPoints.Whole)));
    }

    private TimeSpan ElapsedAt(DateTimeOffset at) => at <= StartsAt ? TimeSpan.Zero : at >= EndsAt ? Length : at - StartsAt;

    private static MicroUsd Min(MicroUsd left, MicroUsd right) => left < right ? left : right;
}

/// <summary>Why a part of a rental was paid.</summary>
public enum RentalSegmentKind
{
    /// <summary>The term that was rented first.</summary>
    Term,

    /// <summary>The renter extended the rental.</summary>
    Extension,

    /// <summary>The rental renewed itself.</summary>
    Renewal,

    /// <summary>Time in grace, paid afterwards.</summary>
    Grace,

    /// <summary>The hours of one day (UTC) of a metered rental, each paid when it began: the newest row grows every hour.</summary>
    Metered,

    /// <summary>What was left of a rental that moved here from another node, as whole seconds.</summary>
    Move,
}
