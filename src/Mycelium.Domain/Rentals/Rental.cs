using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>Slices of one node, paid in advance and held by one account from <see cref="StartsAt"/> up to, but not including, <see cref="EndsAt"/>.</summary>
public sealed class Rental
{
    private Rental()
    {
    }

    public RentalId Id { get; private set; }

    public AccountId RenterId { get; private set; }

    public NodeId NodeId { get; private set; }

    /// <summary>Loaded only when read together with the rental; otherwise null.</summary>
    public GridNode? GridNode { get; private set; }

    /// <summary>Who earns from the rental: the node's farmer when it began.</summary>
    public AccountId FarmerId { get; private set; }

    /// <summary>Base slices in one unit.</summary>
    public int Multiplier { get; private set; }

    /// <summary>Units rented.</summary>
    public int Quantity { get; private set; }

    /// <summary>Base slices rented: multiplier times quantity.</summary>
    public int SliceTotal { get; private set; }

    /// <summary>Of all slices, before discount.</summary>
    public MicroUsdPerHour PricePerHour { get; private set; }

    /// <summary>The term in hours.</summary>
    public RentalHours Hours { get; private set; }

    /// <summary>The term in billing months; null if it was given in hours, and for rentals older than this column.</summary>
    public int? Months { get; private set; }

    /// <summary>What the term took off the list price.</summary>
    public BasisPoints Discount { get; private set; }

    /// <summary>The amount charged at the start: the quote's total.</summary>
    public MicroUsd Paid { get; private set; }

    /// <summary>The amount refunded at the end.</summary>
    public MicroUsd Refunded { get; private set; }

    public RentalStatus Status { get; private set; }

    public DateTimeOffset StartsAt { get; private set; }

    /// <summary>The end of the term; the slices are free again at exactly this time.</summary>
    public DateTimeOffset EndsAt { get; private set; }

    /// <summary>When it ended; null while it is active.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public RentalEndReason? EndReason { get; private set; }

    /// <summary>The public key whose owner gets access.</summary>
    public string SshPublicKey { get; private set; } = "";

    /// <summary>The quote that it used; null if it was rented at the current price without a quote.</summary>
    public QuoteId? QuoteId { get; private set; }

    /// <summary>Increases with every change.</summary>
    public long Version { get; private set; }

    /// <summary>
    /// Takes the slices from the node and creates the rental. The caller writes both and <see cref="Billing.LedgerEntry.Charge"/> in one transaction;
    /// <paramref name="balance"/> is the renter's balance in that transaction.
    /// </summary>
    public static IRentSlicesResult Start(RentalApplication application, GridNode node, MicroUsd balance, DateTimeOffset now)
    {
        Quote quote = application.Quote;
        if (!quote.Fits(application.Wish, application.RenterId))
            return new QuoteMismatch();
        if (!quote.IsValidAt(now))
            return new QuoteExpired(quote.ValidUntil);
        if (Availability.Refuse(application.Wish, node) is IRentSlicesResult unavailable)
            return unavailable;
        if (balance < quote.Total)
            return new InsufficientFunds(balance, quote.Total);

        node.Allocate(application.Wish.SliceTotal);
        return new SlicesRented(Of(application, node, now));
    }

    /// <summary>Ends the rental early; the unused part is refunded, exact to the micro-dollar.</summary>
    public ICancelRentalResult Cancel(DateTimeOffset now)
    {
        if (EndedAt is { } endedAt && EndReason is { } reason)
            return new RentalAlreadyEnded(Id, endedAt, reason);
        if (now >= EndsAt)
            return new RentalAlreadyEnded(Id, EndsAt, RentalEndReason.TermEnded); // The pass that expires rentals has not run yet.

        Refunded = Paid - EarnedAt(now);
        // If the clock went back, the end must still not precede the start.
        End(RentalStatus.Cancelled, RentalEndReason.CancelledByRenter, now < StartsAt ? StartsAt : now);
        return new RentalCancelled(this, Refunded);
    }

    /// <summary>Ends the rental if its term is over. Null, without a change, if the term is not over or the rental had already ended.</summary>
    public RentalEnded? Expire(DateTimeOffset now)
    {
        if (Status != RentalStatus.Active || now < EndsAt)
            return null;

        End(RentalStatus.Ended, RentalEndReason.TermEnded, EndsAt);
        return new RentalEnded(this);
    }

    /// <summary>
    /// What the farmer has earned by an instant, if the rental ran until then: paid × elapsed ÷ term, rounded down. This is one division, never a
    /// sum of rounded parts, so it does not matter how often it is computed.
    /// </summary>
    public MicroUsd EarnedAt(DateTimeOffset at)
    {
        Int128 term = (EndsAt - StartsAt).Ticks;
        Int128 elapsed = Int128.Clamp((at - StartsAt).Ticks, 0, term);
        return MicroUsd.From((long)Rounding.Floor(Paid.Value * elapsed, term));
    }

    private static Rental Of(RentalApplication application, GridNode node, DateTimeOffset now)
    {
        Quote quote = application.Quote;
        RentalWish wish = application.Wish;
        return new()
        {
            Id = application.RentalId,
            RenterId = application.RenterId,
            NodeId = node.Id,
            FarmerId = node.FarmerId ?? throw new InvalidOperationException($"Node {node.Id} has no farmer."),
            Multiplier = wish.SliceCombinationId.Multiplier,
            Quantity = wish.Quantity,
            SliceTotal = wish.SliceTotal,
            PricePerHour = quote.PricePerHour,
            Hours = wish.Term.Hours,
            Months = wish.Term.Months,
            Discount = quote.DiscountPercent,
            Paid = quote.Total,
            StartsAt = now,
            EndsAt = now + wish.Term.Hours.ToTimeSpan(),
            SshPublicKey = application.SshPublicKey.Text,
            QuoteId = quote.Ticket?.Id,
            Version = 1,
        };
    }

    private void End(RentalStatus status, RentalEndReason reason, DateTimeOffset at)
    {
        Status = status;
        EndReason = reason;
        EndedAt = at;
        Version++;
    }
}
