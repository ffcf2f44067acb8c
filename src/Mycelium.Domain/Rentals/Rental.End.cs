using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>How a rental ends, and what comes back.</summary>
public sealed partial class Rental
{
    /// <summary>
    /// What cancelling gives back at an instant. The renter keeps paying for used time: at least an hour, at the discount that its length has earned. Time that
    /// was in grace and is owed is not part of it: it is written off.
    /// </summary>
    public MicroUsd RefundAt(DateTimeOffset at) => Paid - Refunded - Sum(segment => KeptAt(segment, at));

    /// <summary>Ends the rental early. The refund is the quote's, or as of now.</summary>
    public ICancelRentalResult Cancel(CancelTicket? quote, DateTimeOffset now)
    {
        if (RefuseEnded(now) is { } ended)
            return ended;
        if (quote is not null && (quote.RentalId != Id || quote.RentalVersion != Version))
            return new QuoteMismatch();
        if (quote is not null && now >= quote.ValidUntil)
            return new QuoteExpired(quote.ValidUntil);

        MicroUsd refundedBefore = Refunded;
        DateTimeOffset at = quote?.AsOf ?? now;
        GiveBack(segment => KeptAt(segment, at));
        End(RentalStatus.Cancelled, RentalEndReason.CancelledByRenter, now);
        return new RentalCancelled(this, Refunded - refundedBefore);
    }

    /// <summary>
    /// Ends the rental although its renter did not ask for it: exactly the unused time comes back, and the promised share of it on top.
    /// Nobody owes a penalty to oneself.
    /// </summary>
    public IEndRentalResult Withdraw(RentalEndReason reason, DateTimeOffset now)
    {
        if (RefuseEnded(now) is { } ended)
            return ended;

        MicroUsd refundedBefore = Refunded;
        GiveBack(segment => Status == RentalStatus.Provisioning ? MicroUsd.Zero : segment.EarnedAt(now));
        End(RentalStatus.Cancelled, reason, now);
        MicroUsd refund = Refunded - refundedBefore;
        MicroUsd penalty = RenterId == FarmerId
            ? MicroUsd.Zero
            : MicroUsd.From((long)Rounding.Floor((Int128)refund.Value * PenaltyRate.Value, BasisPoints.Whole));
        return new RentalWithdrawn(Id, EndedAt!.Value, refund, penalty);
    }

    /// <summary>The machine could not be made: everything comes back. Null, without a change, if it was not being made.</summary>
    public RentalFailed? Fail(DateTimeOffset now)
    {
        if (Status != RentalStatus.Provisioning)
            return null;

        MicroUsd refundedBefore = Refunded;
        GiveBack(_ => MicroUsd.Zero);
        End(RentalStatus.Failed, RentalEndReason.ProvisioningFailed, now);
        return new RentalFailed(this, Refunded - refundedBefore);
    }

    /// <summary>
    /// Does what is due: a term that is over ends the rental, or lets it enter grace if it was to renew itself; grace that is over ends it; and a machine that
    /// nobody has made fails it. Null, without a change, if nothing is due.
    /// </summary>
    public IRentalPassed? Pass(RentalPolicy policy, DateTimeOffset now)
    {
        if (Kind == RentalKind.Machine && Status != RentalStatus.Provisioning)
            return null; // It ends with its host.
        if (Status == RentalStatus.Provisioning && now >= StartsAt + policy.ProvisioningMax)
            return Fail(now);
        if (Status == RentalStatus.Active && Billing == RentalBilling.Prepaid && now >= EndsAt) // The billing pass looks after metered ones.
        {
            if (AutoRenewMax is null)
            {
                End(RentalStatus.Ended, RentalEndReason.TermEnded, EndsAt);
                return new RentalEnded(this);
            }
            Status = RentalStatus.Grace;
            GraceEndsAt = GraceEndOf(policy);
            if (now < GraceEndsAt)
            {
                RenewsAt = now; // Once more at once: it may not have been tried in time.
                Version++;
                return new RentalEnteredGrace(this, GraceEndsAt.Value);
            }
        }
        if (Status != RentalStatus.Grace || GraceEndsAt is not { } graceEndsAt || now < graceEndsAt)
            return null;

        End(RentalStatus.Ended, RentalEndReason.GraceEnded, graceEndsAt);
        return new RentalEnded(this);
    }

    /// <summary>The refusal if it has ended, or its time is over and the pass that ends it has not run yet.</summary>
    private RentalAlreadyEnded? RefuseEnded(DateTimeOffset now) => this switch
    {
        { EndedAt: { } endedAt, EndReason: { } reason } => new(Id, endedAt, reason),
        { Kind: RentalKind.Machine } => null, // It ends with its host.
        { Status: RentalStatus.Active, Billing: RentalBilling.Prepaid, AutoRenewMax: null } when now >= EndsAt => new(Id, EndsAt, RentalEndReason.TermEnded),
        { Status: RentalStatus.Grace, GraceEndsAt: { } graceEndsAt } when now >= graceEndsAt => new(Id, graceEndsAt, RentalEndReason.GraceEnded),
        _ => null,
    };

    /// <summary>
    /// What is kept of a segment when the renter cancels: nothing before billing begins. The first hour of a metered rental may be in segments of two days.
    /// </summary>
    private MicroUsd KeptAt(RentalSegment segment, DateTimeOffset at) => Status == RentalStatus.Provisioning ? MicroUsd.Zero
        : segment.KeptAt(Billing == RentalBilling.Metered && at < StartsAt + RentalSegment.UsedMin ? StartsAt + RentalSegment.UsedMin : at);

    private void GiveBack(Func<RentalSegment, MicroUsd> kept)
    {
        Segments = [.. Segments.Select(segment => segment.IsReturned ? segment : segment with { Refunded = segment.Paid - kept(segment) })];
        // What has been posted stays earned, also if the clock went back.
        for (MicroUsd excess = Earned - (Paid - Sum(segment => segment.Refunded)); excess > MicroUsd.Zero;)
        {
            RentalSegment from = Segments.First(segment => !segment.IsReturned && segment.Refunded > MicroUsd.Zero);
            MicroUsd less = from.Refunded < excess ? from.Refunded : excess;
            Segments = [.. Segments.Select(segment => segment == from ? segment with { Refunded = segment.Refunded - less } : segment)];
            excess -= less;
        }
        Refunded = Sum(segment => segment.Refunded);
    }

    private void End(RentalStatus status, RentalEndReason reason, DateTimeOffset at)
    {
        DateTimeOffset endedAt = at < StartsAt ? StartsAt : at; // If the clock went back, the end must still not precede the start.
        WrittenOff = OwedAt(endedAt);
        Status = status;
        EndReason = reason;
        EndedAt = endedAt;
        RenewsAt = null;
        GraceEndsAt = null;
        Version++;
    }
}
