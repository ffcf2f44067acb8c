using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>How a rental leaves a node that has failed.</summary>
public sealed partial class Rental
{
    /// <summary>The rental that this one continues on another node; null if it was not moved here.</summary>
    public RentalId? MovedFrom { get; private set; }

    /// <summary>
    /// Ends the rental, whose node is down, and begins another with what is left of its value: exactly the unused time comes back and buys time on the other
    /// node at its price of now, in whole seconds. What remains stays in the wallet. A metered rental gets the unused part of its hour back and goes on by the
    /// hour. The caller writes both rentals, the settlement and then the charge in one transaction.
    /// </summary>
    /// <param name="move">Where to.</param>
    /// <param name="from">The rental's node, locked by the caller.</param>
    /// <param name="to">The other node, locked by the caller.</param>
    /// <param name="policy">The platform's rules.</param>
    /// <param name="now">An instant after the locks.</param>
    public IMoveRentalResult Move(RentalMove move, GridNode from, GridNode to, RentalPolicy policy, DateTimeOffset now)
    {
        if (RefuseEnded(now) is { } ended)
            return ended;
        if (RefuseMachine() is { } machine)
            return machine;
        if (Kind == RentalKind.WholeNode)
            return new WholeNodeStays(Id);
        if (Status == RentalStatus.Provisioning)
            return new RentalNotActive(Id, Status);
        if (Status == RentalStatus.Grace)
            return new AccountOwes();
        if (RefuseMoveFrom(from, policy, now) is { } notDown)
            return notDown;
        if (RefuseMoveTo(move.To, to) is { } unavailable)
            return unavailable;
        MicroUsd unused = UnusedAt(now);
        MicroUsdPerHour price = to.PricePerSlice * SliceTotal;
        bool isMetered = Billing == RentalBilling.Metered; // It buys nothing ahead: it goes on by the hour, with what is left of its limit.
        TimeSpan time = isMetered ? TimeSpan.Zero : TimeFor(unused, price, EndsAt - now);
        MicroUsd? limit = SpendingLimit - (Spent - unused);
        MicroUsd remaining = isMetered ? LowerOf(move.Balance + unused, limit) : unused;
        if (isMetered ? remaining < RentalSegment.CostOf(price, RentalSegment.UsedMin) : time < RentalSegment.UsedMin)
            return new InsufficientRemaining(Id, remaining, price);

        GiveBack(segment => segment.EarnedAt(now));
        End(RentalStatus.Cancelled, RentalEndReason.Moved, now);
        to.Allocate(SliceTotal);
        return new RentalMoved(Continued(move, to, price, time, limit, policy, now), this);
    }

    private static MicroUsd LowerOf(MicroUsd amount, MicroUsd? limit) => limit is { } most && most < amount ? most : amount;

    /// <summary>
    /// How long an amount lasts: whole seconds, rounded down, and never longer than a rental can be paid ahead. Where time costs nothing, as long as before.
    /// </summary>
    private static TimeSpan TimeFor(MicroUsd amount, MicroUsdPerHour price, TimeSpan before)
    {
        TimeSpan longest = TimeSpan.FromHours(RentalHours.Max);
        Int128 seconds = price.Value == 0
            ? (Int128)Math.Max(0, before.TotalSeconds)
            : (Int128)amount.Value * (TimeSpan.TicksPerHour / TimeSpan.TicksPerSecond) / price.Value;
        return seconds < (Int128)longest.TotalSeconds ? TimeSpan.FromSeconds((long)seconds) : longest;
    }

    /// <summary>What was paid and is neither refunded nor used up; what was posted stays earned.</summary>
    private MicroUsd UnusedAt(DateTimeOffset at)
    {
        MicroUsd used = EarnedAt(at);
        return Paid - Refunded - (used < Earned ? Earned : used);
    }

    private NodeNotDown? RefuseMoveFrom(GridNode from, RentalPolicy policy, DateTimeOffset now) => from switch
    {
        { IsVanished: true } => null, // Nobody knows whether it ever comes back.
        { Status: not NodeStatus.Down } => new NodeNotDown(Id, NodeId, null, null),
        _ when now < from.LastReportAt + policy.MoveAfter => new NodeNotDown(Id, NodeId, from.LastReportAt, from.LastReportAt + policy.MoveAfter),
        _ => null,
    };

    private IMoveRentalResult? RefuseMoveTo(SliceCombinationId target, GridNode to)
    {
        if (Availability.Refuse(target, RentalWish.QuantityMin, to) is IMoveRentalResult unavailable and not NotEnoughSlices)
            return unavailable;
        (int quantity, int rest) = Math.DivRem(SliceTotal, target.Multiplier);
        if (rest > 0 || RentalWish.Refuse(quantity) is not null)
            return new CombinationDoesNotFit(target, target.Multiplier, SliceTotal);
        return (IMoveRentalResult?)Availability.Refuse(target, quantity, to);
    }

    private Rental Continued(
        RentalMove move, GridNode to, MicroUsdPerHour price, TimeSpan time, MicroUsd? limit, RentalPolicy policy, DateTimeOffset now)
    {
        bool isMetered = Billing == RentalBilling.Metered;
        DateTimeOffset endsAt = now + time;
        MicroUsd paid = RentalSegment.CostOf(price, time);
        RentalHours hours = isMetered ? Hours : RentalHours.From((int)time.TotalHours);
        var rental = new Rental
        {
            Id = move.NewId,
            MovedFrom = Id,
            RenterId = RenterId,
            NodeId = to.Id,
            FarmerId = to.FarmerId ?? throw new InvalidOperationException($"Node {to.Id} has no farmer."),
            Name = Name,
            Multiplier = move.To.Multiplier,
            Quantity = SliceTotal / move.To.Multiplier,
            SliceTotal = SliceTotal,
            PricePerHour = price,
            Hours = hours,
            Billing = Billing,
            SpendingLimit = limit,
            Paid = paid,
            Fee = policy.Fee,
            PenaltyRate = policy.PenaltyRate,
            Status = move.IsProvisioned ? RentalStatus.Provisioning : RentalStatus.Active,
            StartsAt = now,
            EndsAt = endsAt,
            ActivatedAt = move.IsProvisioned ? null : now,
            AutoRenewMax = AutoRenewMax,
            RenewsAt = AutoRenewMax is null ? null : policy.RenewsAt(endsAt, hours),
            SshPublicKey = move.SshPublicKey ?? SshPublicKey,
            Version = 1,
            Segments = isMetered ? [] : [new(move.NewId, 1, RentalSegmentKind.Move, now, endsAt, price, null, null, BasisPoints.Zero, paid)],
        };
        if (isMetered && !move.IsProvisioned)
            rental.AddMeteredTime(now);
        return rental;
    }
}

/// <summary>Where a rental moves.</summary>
/// <param name="NewId">Of the rental that continues it.</param>
/// <param name="To">The combination; its multiplier divides the rental's slices.</param>
/// <param name="IsProvisioned">A machine is made there before billing begins.</param>
/// <param name="Balance">The renter's, before the move.</param>
/// <param name="SshPublicKey">The key of the rental's machine, if it was rebuilt for another than the rental's first.</param>
public sealed record RentalMove(RentalId NewId, SliceCombinationId To, bool IsProvisioned, MicroUsd Balance = default, string? SshPublicKey = null);
