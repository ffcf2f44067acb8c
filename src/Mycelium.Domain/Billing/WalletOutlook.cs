using Mycelium.Domain.Units;

namespace Mycelium.Domain.Billing;

/// <summary>What is going to happen to a wallet.</summary>
/// <param name="AsOf">When it was read, by the database's clock.</param>
/// <param name="Committed">What is promised from the balance and not charged yet. Each promised dollar counts once.</param>
/// <param name="Running">The rentals that run now.</param>
public sealed record WalletOutlook(DateTimeOffset AsOf, MicroUsd Committed, IReadOnlyList<RunningRental> Running)
{
    /// <summary>Nobody plans further ahead, and instants end in the year 9999.</summary>
    private const int YearsMax = 100;

    /// <summary>What everything that runs costs in 24 hours, less its discounts; rounded once, half to even.</summary>
    public MicroUsd BurnPerDay => MicroUsd.From(Rounding.HalfEven(Running.Aggregate((Int128)0, (sum, rental) => sum + rental.Rate) * 24, BasisPoints.Whole));

    /// <summary>
    /// When the balance is used up if everything that runs is extended at the end of its term, at its own price: until then each is paid, and from then on it
    /// takes its share of the balance every hour. Rounded down. Null if nothing runs, or for longer than 100 years.
    /// </summary>
    /// <param name="balance">All that the wallet holds: what is promised is what extends the rentals.</param>
    public DateTimeOffset? RunsOutAt(MicroUsd balance)
    {
        // In micro-dollars times basis points times ticks of an hour, every step is a whole number.
        Int128 left = (Int128)balance.Value * BasisPoints.Whole * TimeSpan.TicksPerHour;
        Int128 rate = 0;
        DateTimeOffset from = AsOf;
        foreach (RunningRental rental in Running.Where(rental => rental.Rate > 0).OrderBy(rental => rental.EndsAt))
        {
            if (rental.EndsAt > from)
            {
                Int128 used = rate * (rental.EndsAt - from).Ticks;
                if (used > left)
                    break;
                left -= used;
                from = rental.EndsAt;
            }
            rate += rental.Rate;
        }
        if (rate == 0)
            return null;
        Int128 ticks = left / rate;
        return ticks > (AsOf.AddYears(YearsMax) - from).Ticks ? null : from.AddTicks((long)ticks);
    }
}

/// <summary>A rental that runs, as far as it concerns a wallet.</summary>
/// <param name="PricePerHour">Of all its slices, before discount.</param>
/// <param name="Discount">What its term takes off.</param>
/// <param name="EndsAt">Until when it is paid.</param>
public readonly record struct RunningRental(MicroUsdPerHour PricePerHour, BasisPoints Discount, DateTimeOffset EndsAt)
{
    /// <summary>Micro-dollars per hour times basis points.</summary>
    internal Int128 Rate => (Int128)PricePerHour.Value * (BasisPoints.Whole - Discount.Value);
}
