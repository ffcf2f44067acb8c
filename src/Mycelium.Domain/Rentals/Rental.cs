using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>
/// Slices of one node, paid in advance and held by one account from <see cref="StartsAt"/> up to, but not including, <see cref="EndsAt"/>. Its life:
/// provisioning, active, perhaps grace, then ended, cancelled or failed.
/// </summary>
public sealed partial class Rental
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

    /// <summary>What the renter calls it; null if it has no name.</summary>
    public string? Name { get; private set; }

    /// <summary>Base slices in one unit.</summary>
    public int Multiplier { get; private set; }

    /// <summary>Units rented.</summary>
    public int Quantity { get; private set; }

    /// <summary>Base slices rented: multiplier times quantity.</summary>
    public int SliceTotal { get; private set; }

    /// <summary>Of all slices, before discount, as of the last payment.</summary>
    public MicroUsdPerHour PricePerHour { get; private set; }

    /// <summary>How it is paid.</summary>
    public RentalBilling Billing { get; private set; }

    /// <summary>What a metered rental may cost in all: an hour that would exceed it is not paid, and the rental enters grace. Null for no limit.</summary>
    public MicroUsd? SpendingLimit { get; private set; }

    /// <summary>What public addresses and traffic of a metered rental have cost. It is not part of <see cref="Paid"/>, and never comes back.</summary>
    public MicroUsd ExtrasPaid { get; private set; }

    /// <summary>The first term in hours; one for a metered rental.</summary>
    public RentalHours Hours { get; private set; }

    /// <summary>The first term in billing months; null if it was given in hours, and for rentals older than this column.</summary>
    public int? Months { get; private set; }

    /// <summary>What the first term took off the list price.</summary>
    public BasisPoints Discount { get; private set; }

    /// <summary>Everything that was charged: the first quote's total, extensions, renewals and time in grace.</summary>
    public MicroUsd Paid { get; private set; }

    /// <summary>Everything that was refunded.</summary>
    public MicroUsd Refunded { get; private set; }

    /// <summary>What was owed for time in grace and never paid, once the rental has ended.</summary>
    public MicroUsd WrittenOff { get; private set; }

    /// <summary>What the ledger has paid out of it so far, the platform's fee included. The database adds this up.</summary>
    public MicroUsd Earned { get; private set; }

    /// <summary>The platform's part of <see cref="Earned"/>. The database adds this up.</summary>
    public MicroUsd FeeEarned { get; private set; }

    /// <summary>The platform's share of what is earned, as it was when the rental began.</summary>
    public BasisPoints Fee { get; private set; }

    /// <summary>What the renter receives on top, as a share of what comes back, if the farmer or an operator ends the rental; promised when it began.</summary>
    public BasisPoints PenaltyRate { get; private set; }

    public RentalStatus Status { get; private set; }

    /// <summary>When billing began; while the machine is being made, when the slices were taken.</summary>
    public DateTimeOffset StartsAt { get; private set; }

    /// <summary>The end of what is paid; the slices are free again at exactly this time, unless the rental enters grace.</summary>
    public DateTimeOffset EndsAt { get; private set; }

    /// <summary>When the slices can be reached and billing began; null before, and for rentals from before machines were made.</summary>
    public DateTimeOffset? ActivatedAt { get; private set; }

    /// <summary>The highest price per hour, of all slices and before discount, at which the rental renews itself; null if it does not.</summary>
    public MicroUsdPerHour? AutoRenewMax { get; private set; }

    /// <summary>When the rental renews itself next, or is tried again; null if it does not.</summary>
    public DateTimeOffset? RenewsAt { get; private set; }

    /// <summary>When grace ends and the rental with it; null outside of grace.</summary>
    public DateTimeOffset? GraceEndsAt { get; private set; }

    /// <summary>When it ended; null while it is not.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    public RentalEndReason? EndReason { get; private set; }

    /// <summary>The public key whose owner gets access.</summary>
    public string SshPublicKey { get; private set; } = "";

    /// <summary>The quote that the first term used; null if it was rented at the current price without a quote.</summary>
    public QuoteId? QuoteId { get; private set; }

    /// <summary>
    /// Increases with every change of its life, which is also an event. Posted earnings and a renewal that is put off do not count.
    /// </summary>
    public long Version { get; private set; }

    /// <summary>What was paid for it, in order. Loaded only for operations; otherwise empty.</summary>
    public IReadOnlyList<RentalSegment> Segments { get; private set; } = [];

    /// <summary>It holds its slices: it has not ended in any way.</summary>
    public bool IsLive => Status is RentalStatus.Provisioning or RentalStatus.Active or RentalStatus.Grace;

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
        if (Availability.Refuse(application.Wish, node, application.Reservation) is IRentSlicesResult unavailable)
            return unavailable;
        if (balance < quote.Total)
            return new InsufficientFunds(balance, quote.Total);

        if (application.Reservation is { } reservation)
            reservation.Use(application.RentalId, node, now);
        else
            node.Allocate(application.Wish.SliceTotal);
        return new SlicesRented(Of(application, node, now));
    }

    /// <summary>What has been earned by an instant, if the rental ran until then.</summary>
    public MicroUsd EarnedAt(DateTimeOffset at) => Sum(segment => segment.EarnedAt(at));

    /// <summary>The platform's part of an amount that was earned in total, rounded down in the farmer's favour.</summary>
    public MicroUsd FeeOf(MicroUsd earned) => MicroUsd.From((long)Rounding.Floor((Int128)earned.Value * Fee.Value, BasisPoints.Whole));

    /// <summary>What is owed for the time since grace began: the last price without discount. Zero outside of grace.</summary>
    public MicroUsd OwedAt(DateTimeOffset at) =>
        Status == RentalStatus.Grace && at > EndsAt ? RentalSegment.CostOf(PricePerHour, at - EndsAt) : MicroUsd.Zero;

    /// <summary>Names the rental, or removes its name.</summary>
    public IRenameRentalResult Rename(string? name, DateTimeOffset now)
    {
        if (RefuseEnded(now) is { } ended)
            return ended;
        if (name is not null && RentalName.Refuse(name) is { } invalid)
            return invalid;
        if (name != Name)
        {
            Name = name;
            Version++;
        }
        return new RentalRenamed(this);
    }

    /// <summary>
    /// The machine can be reached: billing begins now, and the whole term is still ahead. A metered rental pays for the rest of this hour, or waits in grace
    /// for money. Null, without a change, if it was not being made.
    /// </summary>
    /// <param name="policy">How long grace is.</param>
    /// <param name="balance">The renter's.</param>
    /// <param name="now">The present.</param>
    public IRentalBegun? Activate(RentalPolicy policy, MicroUsd balance, DateTimeOffset now)
    {
        if (Status != RentalStatus.Provisioning)
            return null;

        // A machine on a whole node has its host's time, which runs already.
        TimeSpan waited = now > StartsAt && Kind != RentalKind.Machine ? now - StartsAt : TimeSpan.Zero;
        Segments = [.. Segments.Select(segment => segment with { StartsAt = segment.StartsAt + waited, EndsAt = segment.EndsAt + waited })];
        StartsAt += waited;
        EndsAt += waited;
        RenewsAt += waited;
        ActivatedAt = Kind == RentalKind.Machine ? now : StartsAt;
        Status = RentalStatus.Active;
        Version++;
        if (Billing == RentalBilling.Metered && !TryPayFirstHour(balance))
        {
            Status = RentalStatus.Grace;
            GraceEndsAt = EndsAt + GraceLength(policy);
            return new RentalEnteredGrace(this, GraceEndsAt.Value);
        }
        return new RentalActivated(this);
    }

    private MicroUsd Sum(Func<RentalSegment, MicroUsd> of) => Segments.Aggregate(MicroUsd.Zero, (total, segment) => total + of(segment));

    private static Rental Of(RentalApplication application, GridNode node, DateTimeOffset now)
    {
        Quote quote = application.Quote;
        RentalWish wish = application.Wish;
        bool isMetered = application.Billing == RentalBilling.Metered;
        DateTimeOffset endsAt = isMetered ? now : now + wish.Term.Hours.ToTimeSpan();
        var rental = new Rental
        {
            Id = application.RentalId,
            RenterId = application.RenterId,
            NodeId = node.Id,
            FarmerId = node.FarmerId ?? throw new InvalidOperationException($"Node {node.Id} has no farmer."),
            Name = application.Name,
            Multiplier = wish.SliceCombinationId.Multiplier,
            Quantity = wish.Quantity,
            SliceTotal = wish.SliceTotal,
            PricePerHour = quote.PricePerHour,
            Hours = wish.Term.Hours,
            Months = wish.Term.Months,
            Discount = quote.DiscountPercent,
            Billing = application.Billing,
            SpendingLimit = application.SpendingLimit,
            Paid = isMetered ? MicroUsd.Zero : quote.Total,
            Fee = application.Fee,
            PenaltyRate = application.PenaltyRate,
            Status = application.IsProvisioned ? RentalStatus.Provisioning : RentalStatus.Active,
            StartsAt = now,
            EndsAt = endsAt,
            ActivatedAt = application.IsProvisioned ? null : now,
            SshPublicKey = application.SshPublicKey.Text,
            QuoteId = quote.Ticket?.Id,
            Version = 1,
            Segments = isMetered ? [] :
            [
                new(application.RentalId, 1, RentalSegmentKind.Term, now, endsAt, quote.PricePerHour, wish.Term.Hours, wish.Term.Months,
                    quote.DiscountPercent, quote.Total, QuoteId: quote.Ticket?.Id),
            ],
        };
        if (isMetered && !application.IsProvisioned)
            rental.AddMeteredTime(now);
        return rental;
    }
}
