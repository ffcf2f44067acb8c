using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;

namespace Mycelium.Domain.Rentals;

/// <summary>Slices of one node that are kept for one account while it decides, up to, but not including, <see cref="ExpiresAt"/>.</summary>
public sealed class Reservation
{
    private Reservation()
    {
    }

    public ReservationId Id { get; private set; }

    public AccountId AccountId { get; private set; }

    public NodeId NodeId { get; private set; }

    /// <summary>Base slices in one unit.</summary>
    public int Multiplier { get; private set; }

    /// <summary>Units held.</summary>
    public int Quantity { get; private set; }

    /// <summary>Base slices held: multiplier times quantity.</summary>
    public int SliceTotal { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The slices are free again at exactly this time.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When it ended; null while it holds its slices.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public ReservationEndReason? EndReason { get; private set; }

    /// <summary>The rental that it became, if it did.</summary>
    public RentalId? RentalId { get; private set; }

    /// <summary>Holds slices of the node.</summary>
    /// <param name="id">Its ID.</param>
    /// <param name="account">For whom.</param>
    /// <param name="request">What to hold, and how long.</param>
    /// <param name="node">Locked by the caller.</param>
    /// <param name="held">What the account holds already.</param>
    /// <param name="policy">The bounds.</param>
    /// <param name="now">The instant of the decision.</param>
    public static IReserveSlicesResult Hold(
        ReservationId id, AccountId account, HoldRequest request, GridNode node, IReadOnlyCollection<Reservation> held, RentalPolicy policy, DateTimeOffset now)
    {
        if (request.Lifetime <= TimeSpan.Zero || request.Lifetime > policy.HoldLifetimeMax)
            return new InvalidHoldTime((int)policy.HoldLifetimeMax.TotalMinutes);
        if (Availability.Refuse(request.SliceCombinationId, request.Quantity, node) is IReserveSlicesResult unavailable)
            return unavailable;
        int slices = held.Sum(other => other.SliceTotal);
        if (held.Count >= policy.HoldsMax || slices + request.SliceTotal > policy.HeldSlicesMax)
            return new ReservationLimitReached(held.Count, policy.HoldsMax, slices, policy.HeldSlicesMax, FitsAt(held, request.SliceTotal, policy));

        node.Hold(request.SliceTotal);
        return new SlicesReserved(new()
        {
            Id = id,
            AccountId = account,
            NodeId = node.Id,
            Multiplier = request.SliceCombinationId.Multiplier,
            Quantity = request.Quantity,
            SliceTotal = request.SliceTotal,
            CreatedAt = now,
            ExpiresAt = now + request.Lifetime,
        });
    }

    /// <summary>Why it cannot be used for a wish; null if it can.</summary>
    public IRentSlicesResult? RefuseUse(RentalWish wish, DateTimeOffset now) => this switch
    {
        { EndedAt: not null } => new ReservationEnded(Id, EndReason!.Value),
        _ when now >= ExpiresAt => new ReservationEnded(Id, ReservationEndReason.Expired),
        _ when wish.SliceCombinationId != SliceCombinationId || wish.Quantity != Quantity => new ReservationMismatch(Id, SliceCombinationId, Quantity),
        _ => null,
    };

    /// <summary>Gives the slices back.</summary>
    public IReleaseReservationResult Release(DateTimeOffset now)
    {
        if (EndedAt is not null)
            return new ReservationEnded(Id, EndReason!.Value);

        End(now >= ExpiresAt ? ReservationEndReason.Expired : ReservationEndReason.Released, now < ExpiresAt ? now : ExpiresAt);
        return new ReservationReleased(this);
    }

    public SliceCombinationId SliceCombinationId => SliceCombinationId.Of(NodeId, Multiplier);

    /// <summary>Its slices become a rental's.</summary>
    internal void Use(RentalId rental, GridNode node, DateTimeOffset now)
    {
        node.UseHold(SliceTotal);
        RentalId = rental;
        End(ReservationEndReason.Rented, now);
    }

    /// <summary>When enough of the account's holds have expired for one of this size; null if it never fits.</summary>
    private static DateTimeOffset? FitsAt(IReadOnlyCollection<Reservation> held, int slices, RentalPolicy policy)
    {
        (int count, int total) = (held.Count, held.Sum(other => other.SliceTotal));
        foreach (Reservation next in held.OrderBy(other => other.ExpiresAt))
        {
            (count, total) = (count - 1, total - next.SliceTotal);
            if (count < policy.HoldsMax && total + slices <= policy.HeldSlicesMax)
                return next.ExpiresAt;
        }
        return null;
    }

    private void End(ReservationEndReason reason, DateTimeOffset at) => (EndReason, EndedAt) = (reason, at < CreatedAt ? CreatedAt : at);
}

/// <summary>What to hold, and how long.</summary>
public sealed record HoldRequest(SliceCombinationId SliceCombinationId, int Quantity, TimeSpan Lifetime)
{
    /// <summary>Base slices in all units.</summary>
    public int SliceTotal => checked(SliceCombinationId.Multiplier * Quantity);
}

/// <summary>The ID of a reservation.</summary>
public readonly record struct ReservationId(Guid Value)
{
    public static ReservationId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString();
}

/// <summary>Why a reservation ended.</summary>
public enum ReservationEndReason
{
    /// <summary>Its slices were rented.</summary>
    Rented,

    /// <summary>Its account gave the slices back.</summary>
    Released,

    /// <summary>Its time was over.</summary>
    Expired,
}
