using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>The platform's rules about the life of a rental. These are settings.</summary>
public sealed record RentalPolicy
{
    /// <summary>How long a rental that could not be renewed keeps its slices and data: 3 days.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(3);

    /// <summary>How long before its end a rental renews itself: 24 hours, or half of a term that is shorter than twice that.</summary>
    public TimeSpan RenewalLead { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long after a renewal that failed it is tried again.</summary>
    public TimeSpan RenewalRetry { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long a quote for cancelling is valid. The refund is as of the quote's instant, so the farmer gives up this much time at most.</summary>
    public TimeSpan CancelQuoteLifetime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The platform's share of what a farmer earns; fixed for a rental when it begins.</summary>
    public BasisPoints Fee { get; init; } = BasisPoints.Zero;

    /// <summary>
    /// What a renter receives on top of the unused part, as a share of it, when a farmer or an operator ends a rental: 10 %. Fixed for a rental when it begins.
    /// </summary>
    public BasisPoints PenaltyRate { get; init; } = BasisPoints.FromPercent(10);

    /// <summary>
    /// How long a rental may wait for its machine: twice what a machine may take. Whoever makes machines gives up before; this is for when nobody does.
    /// </summary>
    public TimeSpan ProvisioningMax { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long after its last report a node that is down lets its renters move elsewhere.</summary>
    public TimeSpan MoveAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How long slices are held unless the renter asks for less or more.</summary>
    public TimeSpan HoldLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longest hold: 30 minutes, as long as the grid's own farmer bot keeps what was claimed.</summary>
    public TimeSpan HoldLifetimeMax { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Holds that an account may have at once. Holding costs nothing, so it is bounded.</summary>
    public int HoldsMax { get; init; } = 3;

    /// <summary>Slices that an account may hold without renting them.</summary>
    public int HeldSlicesMax { get; init; } = 32;

    /// <summary>
    /// When a term renews itself: before its end by the lead, but not before half of it has passed, nor so early that two terms exceed the longest.
    /// </summary>
    internal DateTimeOffset RenewsAt(DateTimeOffset endsAt, RentalHours term)
    {
        TimeSpan length = term.ToTimeSpan();
        TimeSpan room = TimeSpan.FromHours(RentalHours.Max) - length;
        TimeSpan lead = new(Math.Min(Math.Min(RenewalLead.Ticks, length.Ticks / 2), room.Ticks));
        return endsAt - lead;
    }
}
