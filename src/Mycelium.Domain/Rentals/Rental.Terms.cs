using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>How a rental goes on: extension, renewal, and the return from grace.</summary>
public sealed partial class Rental
{
    /// <summary>What another term costs now, or why there is none. In grace the time since the end is paid first, and the new term begins now.</summary>
    public IExtensionQuoteResult AskExtension(RentalTerm term, GridNode node, PricingPolicy pricing, DateTimeOffset now)
    {
        if (RefuseExtension(term, node, now) is { } refusal)
            return refusal;
        return new ExtensionQuoted(QuoteExtension(term, node, pricing, now));
    }

    /// <summary>
    /// Appends a term at the quote's price, or at the current one. The caller writes it and its charges in one transaction; <paramref name="balance"/> is the
    /// renter's balance in that transaction.
    /// </summary>
    /// <param name="quote">A quote of ours for this rental and term; null for the current price.</param>
    public IExtendRentalResult Extend(
        RentalTerm term, ExtensionQuote? quote, GridNode node, PricingPolicy pricing, RentalPolicy policy, MicroUsd balance, DateTimeOffset now)
    {
        if (quote is not null && !quote.Fits(Id, term, RenterId))
            return new QuoteMismatch();
        if (RefuseExtension(term, node, now) is { } refusal)
            return (IExtendRentalResult)refusal;
        if (GraceEndOf(policy) is var graceEndsAt && now >= graceEndsAt)
            return new RentalAlreadyEnded(Id, graceEndsAt, RentalEndReason.GraceEnded); // The pass that ends rentals has not run yet.
        if (quote is not null && now >= quote.ValidUntil)
            return new QuoteExpired(quote.ValidUntil);
        if (quote is not null && quote.Owed > MicroUsd.Zero && now <= EndsAt)
            return new QuoteMismatch(); // What was owed has been paid in the meantime.
        quote ??= QuoteExtension(term, node, pricing, now);
        if (balance < quote.Total)
            return new InsufficientFunds(balance, quote.Total);

        DateTimeOffset previousEndsAt = EndsAt;
        Append(RentalSegmentKind.Extension, quote, policy, now);
        return new RentalExtended(this, quote.Total, previousEndsAt);
    }

    /// <summary>
    /// Renews the rental for the term that it was last paid for, at today's price, if that is within what the renter allowed. Null, without a change, if it
    /// does not renew itself now.
    /// </summary>
    public IRenewalOutcome? Renew(GridNode node, PricingPolicy pricing, RentalPolicy policy, MicroUsd balance, DateTimeOffset now)
    {
        if (AutoRenewMax is not { } max || RenewsAt is not { } due || now < due || Status is not (RentalStatus.Active or RentalStatus.Grace))
            return null;
        if (RefuseEnded(now) is not null || now >= GraceEndOf(policy))
            return null; // The pass that ends rentals has not run yet.

        RentalTerm term = LastTerm.Again();
        if (RefuseExtension(term, node, now) is { } refusal)
            return PutOff(RenewalFailure.NotAvailable, refusal.Message, policy, now);
        ExtensionQuote quote = QuoteExtension(term, node, pricing, now);
        if (quote.PricePerHour > max)
            return PutOff(RenewalFailure.PriceAboveMax, $"The price is now {quote.PricePerHour} USD/h, and you allowed {max} USD/h.", policy, now);
        if (balance < quote.Total)
            return PutOff(RenewalFailure.InsufficientFunds, new InsufficientFunds(balance, quote.Total).Message, policy, now);

        DateTimeOffset previousEndsAt = EndsAt;
        Append(RentalSegmentKind.Renewal, quote, policy, now);
        return new RentalRenewed(this, quote.Total, previousEndsAt);
    }

    /// <summary>
    /// Lets the rental renew itself up to a price, or no longer. When it is turned off, a renewal that has been paid and has not started comes back whole.
    /// </summary>
    /// <param name="max">The highest price per hour, of all slices and before discount; null to turn it off.</param>
    public ISetAutoRenewResult SetAutoRenew(MicroUsdPerHour? max, RentalPolicy policy, DateTimeOffset now)
    {
        if (RefuseEnded(now) is { } ended)
            return ended;

        if (RefuseMachine() is { } machine)
            return machine;
        if (Billing == RentalBilling.Metered)
            return new RentalIsMetered(Id);
        max = max > anyPrice ? anyPrice : max;
        MicroUsd refundedBefore = Refunded;
        if (max is null && Segments.LastOrDefault(segment => !segment.IsReturned) is { Kind: RentalSegmentKind.Renewal } renewal && renewal.StartsAt > now)
            Return(renewal);
        if (max != AutoRenewMax || Refunded != refundedBefore)
        {
            AutoRenewMax = max;
            RenewsAt = max is null ? null : policy.RenewsAt(EndsAt, LastTerm.Hours);
            Version++;
        }
        return new AutoRenewSet(this, Refunded - refundedBefore);
    }

    /// <summary>The shortest time between two tries to renew.</summary>
    private static readonly TimeSpan retryMin = TimeSpan.FromMinutes(1);

    /// <summary>A million dollars an hour, the highest price that is stored: whoever allows more allows any price.</summary>
    private static readonly MicroUsdPerHour anyPrice = MicroUsdPerHour.From(1_000_000_000_000);

    /// <summary>The term that was paid last, which a renewal repeats.</summary>
    private RentalTerm LastTerm => Segments.LastOrDefault(segment => segment is { IsReturned: false, Hours: not null })?.Term ?? RentalTerm.Of(this);

    /// <summary>
    /// When grace ends, or would end if the rental could not renew itself. It is never longer than the term that ended: nobody gets days of grace for an hour
    /// that was paid.
    /// </summary>
    private DateTimeOffset GraceEndOf(RentalPolicy policy)
    {
        TimeSpan term = LastTerm.Hours.ToTimeSpan();
        return GraceEndsAt ?? EndsAt + (term < policy.Grace ? term : policy.Grace);
    }

    private IExtensionRefusal? RefuseExtension(RentalTerm term, GridNode node, DateTimeOffset now)
    {
        if (RefuseEnded(now) is { } ended)
            return ended;
        if (RefuseMachine() is { } machine)
            return machine;
        if (Billing == RentalBilling.Metered)
            return new RentalIsMetered(Id);
        if (Status == RentalStatus.Provisioning)
            return new RentalNotActive(Id, Status);
        // Its own slices are not in question.
        if (node.WhyUnavailable() is { } reason and not (NodeUnavailability.Overcommitted or NodeUnavailability.RentedWhole))
            return new NodeUnavailable(node.Id, node.Grid, reason);
        if (node.FarmerId != FarmerId)
            return new FarmerChanged(Id);
        DateTimeOffset from = Status == RentalStatus.Grace || now >= EndsAt ? now : EndsAt;
        DateTimeOffset endsAtMax = now + TimeSpan.FromHours(RentalHours.Max);
        return from + term.Hours.ToTimeSpan() > endsAtMax ? new RentalReachesTooFar(Id, endsAtMax) : null;
    }

    private ExtensionQuote QuoteExtension(RentalTerm term, GridNode node, PricingPolicy pricing, DateTimeOffset now)
    {
        bool isInGrace = now >= EndsAt; // Also while the pass that says so has not run yet.
        MicroUsd owed = isInGrace ? RentalSegment.CostOf(PricePerHour, now - EndsAt) : MicroUsd.Zero;
        DateTimeOffset from = isInGrace ? now : EndsAt;
        return new(Id, term, PriceAt(node), term.DiscountPercent, owed, from + term.Hours.ToTimeSpan(), now + pricing.QuoteLifetime);
    }

    private void Append(RentalSegmentKind kind, ExtensionQuote quote, RentalPolicy policy, DateTimeOffset now)
    {
        if (now > EndsAt)
            AddSegment(new(Id, NextNumber, RentalSegmentKind.Grace, EndsAt, now, PricePerHour, null, null, BasisPoints.Zero, quote.Owed));
        AddSegment(new(
            Id, NextNumber, kind, EndsAt, EndsAt + quote.Term.Hours.ToTimeSpan(), quote.PricePerHour, quote.Term.Hours, quote.Term.Months,
            quote.DiscountPercent, quote.Total - quote.Owed, QuoteId: quote.Ticket?.Id));
        PricePerHour = quote.PricePerHour;
        Status = RentalStatus.Active;
        GraceEndsAt = null;
        RenewsAt = AutoRenewMax is null ? null : policy.RenewsAt(EndsAt, quote.Term.Hours); // The next renewal belongs to the new end, whoever paid.
        Version++;
    }

    private int NextNumber => Segments.Count == 0 ? 1 : Segments[^1].Number + 1;

    private void AddSegment(RentalSegment segment)
    {
        Segments = [.. Segments, segment];
        Paid += segment.Paid;
        EndsAt = segment.EndsAt;
    }

    private void Return(RentalSegment renewal)
    {
        Segments = [.. Segments.Select(segment => segment == renewal ? segment with { Refunded = segment.Paid, IsReturned = true } : segment)];
        Refunded += renewal.Paid;
        EndsAt = renewal.StartsAt;
        PricePerHour = Segments.Last(segment => !segment.IsReturned).PricePerHour;
    }

    private RenewalPutOff PutOff(RenewalFailure failure, string why, RentalPolicy policy, DateTimeOffset now)
    {
        TimeSpan wait = policy.RenewalRetry;
        if (now < EndsAt && (EndsAt - now) / 2 < wait) // Also short terms are tried again before they end.
            wait = (EndsAt - now) / 2 > retryMin ? (EndsAt - now) / 2 : retryMin;
        RenewsAt = now + wait;
        return new RenewalPutOff(this, failure, why);
    }
}
