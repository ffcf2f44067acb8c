using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>
/// How a rental is paid by the hour. Full hours (UTC) are billed for all rentals of a wallet at once, in the database (<c>bill_metered</c>); what begins or
/// returns within an hour pays for the rest of it here.
/// </summary>
public sealed partial class Rental
{
    /// <summary>The next full hour after an instant, in UTC.</summary>
    public static DateTimeOffset HourAfter(DateTimeOffset instant) =>
        new(instant.UtcTicks - instant.UtcTicks % TimeSpan.TicksPerHour + TimeSpan.TicksPerHour, TimeSpan.Zero);

    /// <summary>What it has cost so far, less what came back.</summary>
    public MicroUsd Spent => Paid - Refunded + ExtrasPaid;

    /// <summary>Limits what a metered rental may cost in all, or lifts the limit. The next hour counts.</summary>
    public ISetSpendingLimitResult SetSpendingLimit(MicroUsd? limit, DateTimeOffset now)
    {
        if (RefuseEnded(now) is { } ended)
            return ended;
        if (Billing == RentalBilling.Prepaid)
            return new RentalIsPrepaid(Id);
        if (limit != SpendingLimit)
        {
            SpendingLimit = limit;
            Version++;
        }
        return new SpendingLimitSet(this);
    }

    /// <summary>
    /// Returns a metered rental from grace: pays the time since then, and the rest of this hour. Null, without a change, if it is not in grace, its grace is
    /// over, or the wallet or the spending limit is too low.
    /// </summary>
    /// <param name="balance">The renter's.</param>
    /// <param name="unbilled">What its extras cost since they were billed last: the next hour charges it, so there must be enough for it.</param>
    /// <param name="now">The present.</param>
    public RentalResumed? Resume(MicroUsd balance, MicroUsd unbilled, DateTimeOffset now)
    {
        if (Billing != RentalBilling.Metered || Status != RentalStatus.Grace || RefuseEnded(now) is not null)
            return null;

        DateTimeOffset from = now > EndsAt ? now : EndsAt;
        MicroUsd owed = OwedAt(now);
        MicroUsd charged = owed + RentalSegment.CostOf(PricePerHour, HourAfter(from) - from);
        if (!MayPay(charged + unbilled, balance))
            return null;

        if (from > EndsAt)
            AddSegment(new(Id, NextNumber, RentalSegmentKind.Grace, EndsAt, from, PricePerHour, null, null, BasisPoints.Zero, owed));
        AddMeteredTime(from);
        Status = RentalStatus.Active;
        GraceEndsAt = null;
        Version++;
        return new RentalResumed(this, charged);
    }

    private bool TryPayFirstHour(MicroUsd balance)
    {
        if (!MayPay(RentalSegment.CostOf(PricePerHour, HourAfter(EndsAt) - EndsAt), balance))
            return false;
        AddMeteredTime(EndsAt);
        return true;
    }

    private bool MayPay(MicroUsd amount, MicroUsd balance) => amount <= balance && (SpendingLimit is not { } limit || Spent + amount <= limit);

    /// <summary>From an instant to the next full hour.</summary>
    private void AddMeteredTime(DateTimeOffset from) => AddSegment(new(
        Id, NextNumber, RentalSegmentKind.Metered, from, HourAfter(from), PricePerHour, null, null, BasisPoints.Zero,
        RentalSegment.CostOf(PricePerHour, HourAfter(from) - from)));

    /// <summary>Nobody gets days of grace for an hour that was paid: it lasts as long as the rental was paid for, at least an hour.</summary>
    private TimeSpan GraceLength(RentalPolicy policy)
    {
        TimeSpan paid = EndsAt - StartsAt;
        TimeSpan length = paid < policy.Grace ? paid : policy.Grace;
        return length < RentalSegment.UsedMin ? RentalSegment.UsedMin : length;
    }
}
