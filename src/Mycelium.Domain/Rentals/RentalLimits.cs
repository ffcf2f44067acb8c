namespace Mycelium.Domain.Rentals;

/// <summary>
/// How much of the supply one account may take, so that nobody can hold or churn all of it. Renting and cancelling costs next to nothing,
/// because unused time is refunded. Null means no limit.
/// </summary>
/// <param name="ActiveSlices">Base slices that an account may hold at once.</param>
/// <param name="RentalsPerHour">Rentals that an account may begin in any hour.</param>
/// <param name="CancellationsPerHour">Rentals that an account may cancel in any hour.</param>
public sealed record RentalLimits(int? ActiveSlices, int? RentalsPerHour, int? CancellationsPerHour)
{
    /// <summary>An "hour" is the hour before the current instant.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromHours(1);

    public static RentalLimits None { get; } = new(null, null, null);

    /// <summary>All limits multiplied by <paramref name="factor"/>.</summary>
    public RentalLimits Times(int factor) => new(Times(ActiveSlices, factor), Times(RentalsPerHour, factor), Times(CancellationsPerHour, factor));

    /// <summary>Why a rental of this many slices is refused; null if it is within the limits.</summary>
    public RentalLimitReached? RefuseRental(RenterActivity activity, int slices, DateTimeOffset now) =>
        RefuseOneMore(RentalLimit.RentalsPerHour, RentalsPerHour, activity.Begun, now) ?? RefuseHolding(activity.Held, slices, now);

    /// <param name="cancelled">When the account cancelled in the last hour, newest first; no more entries than the limit are needed.</param>
    /// <param name="now">The instant of the decision.</param>
    public RentalLimitReached? RefuseCancellation(IReadOnlyList<DateTimeOffset> cancelled, DateTimeOffset now) =>
        RefuseOneMore(RentalLimit.CancellationsPerHour, CancellationsPerHour, cancelled, now);

    private static int? Times(int? bound, int factor) => bound is { } max ? (int)Math.Min(int.MaxValue, (long)max * factor) : null;

    private static RentalLimitReached? RefuseOneMore(RentalLimit limit, int? bound, IReadOnlyList<DateTimeOffset> newestFirst, DateTimeOffset now)
    {
        int count = newestFirst.Count(at => at > now - Window);
        if (bound is not { } max || count < max)
            return null;
        // Once this one is an hour old, the count is one below the limit.
        return new RentalLimitReached(limit, count, max, max == 0 ? null : newestFirst[max - 1] + Window);
    }

    private RentalLimitReached? RefuseHolding(IReadOnlyList<HeldSlices> lastEndFirst, int slices, DateTimeOffset now)
    {
        int count = lastEndFirst.Where(rental => rental.EndsAt > now).Sum(rental => rental.Slices);
        if (ActiveSlices is not { } max || count + slices <= max)
            return null;
        DateTimeOffset? retryAt = null;
        int total = slices;
        if (slices <= max)
            retryAt = lastEndFirst.First(rental => (total += rental.Slices) > max).EndsAt; // The last of the rentals that must end first.
        if (retryAt == DateTimeOffset.MaxValue)
            retryAt = null; // A metered rental, which does not end by itself.
        return new RentalLimitReached(RentalLimit.ActiveSlices, count, max, retryAt);
    }
}

/// <summary>What one account did in the last hour and holds now, as far as it matters to <see cref="RentalLimits"/>.</summary>
/// <param name="Begun">When its rentals of the last hour began, newest first.</param>
/// <param name="Held">Its active rentals, the one that ends last first.</param>
public sealed record RenterActivity(IReadOnlyList<DateTimeOffset> Begun, IReadOnlyList<HeldSlices> Held)
{
    public static RenterActivity None { get; } = new([], []);

    /// <summary>With one more rental, which begins now.</summary>
    public RenterActivity With(Rental rental) => new(
        [rental.StartsAt, .. Begun],
        [
            .. Held.Append(new HeldSlices(rental.Billing == RentalBilling.Metered ? DateTimeOffset.MaxValue : rental.EndsAt, rental.SliceTotal))
                .OrderByDescending(held => held.EndsAt),
        ]);
}

/// <summary>The slices of one active rental, and when it ends: <see cref="DateTimeOffset.MaxValue"/> if it does not end by itself.</summary>
public readonly record struct HeldSlices(DateTimeOffset EndsAt, int Slices);

/// <summary>The limits of an account.</summary>
public enum RentalLimit
{
    /// <summary>Base slices that it holds at once.</summary>
    ActiveSlices,

    /// <summary>Rentals that it began in the last hour.</summary>
    RentalsPerHour,

    /// <summary>Rentals that it cancelled in the last hour.</summary>
    CancellationsPerHour,
}
