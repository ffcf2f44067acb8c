using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>Whole nodes, and the machines that their renters place there.</summary>
public sealed partial class Rental
{
    public RentalKind Kind { get; private set; }

    /// <summary>What a whole node costs less than its slices, as it was when the rental began; zero for other rentals.</summary>
    public BasisPoints NodeDiscount { get; private set; }

    /// <summary>The rental of the whole node that the machine is on; null for other rentals.</summary>
    public RentalId? HostRentalId { get; private set; }

    /// <summary>What a whole node costs for an hour: the price of its slices less the discount, rounded down.</summary>
    internal static MicroUsdPerHour WholePrice(MicroUsdPerHour slices, BasisPoints discount) =>
        MicroUsdPerHour.From((long)Rounding.Floor((Int128)slices.Value * (BasisPoints.Whole - discount.Value), BasisPoints.Whole));

    /// <summary>
    /// Takes all slices of an empty node. It is active at once: its machines are placed later. The caller writes both and
    /// <see cref="Billing.LedgerEntry.Charge"/> in one transaction; <paramref name="balance"/> is the renter's balance in that transaction.
    /// </summary>
    public static IRentNodeResult StartWhole(NodeApplication application, GridNode node, MicroUsd balance, DateTimeOffset now)
    {
        NodeQuote quote = application.Quote;
        if (!quote.IsFor(application.RenterId))
            return new QuoteMismatch(); // First: another account's quote reveals nothing.
        if (Availability.RefuseWhole(node) is { } unavailable)
            return unavailable;
        if (!quote.Fits(node, application.Term, application.RenterId))
            return new QuoteMismatch();
        if (now >= quote.ValidUntil)
            return new QuoteExpired(quote.ValidUntil);
        if (balance < quote.Total)
            return new InsufficientFunds(balance, quote.Total);

        node.AllocateWhole(application.RentalId);
        DateTimeOffset endsAt = now + quote.Term.Hours.ToTimeSpan();
        return new NodeRented(new()
        {
            Id = application.RentalId,
            Kind = RentalKind.WholeNode,
            RenterId = application.RenterId,
            NodeId = node.Id,
            FarmerId = node.FarmerId ?? throw new InvalidOperationException($"Node {node.Id} has no farmer."),
            Name = application.Name,
            Multiplier = 1,
            Quantity = quote.SliceTotal,
            SliceTotal = quote.SliceTotal,
            PricePerHour = quote.PricePerHour,
            NodeDiscount = quote.NodeDiscountPercent,
            Hours = quote.Term.Hours,
            Months = quote.Term.Months,
            Discount = quote.DiscountPercent,
            Paid = quote.Total,
            Fee = application.Fee,
            PenaltyRate = application.PenaltyRate,
            Status = RentalStatus.Active,
            StartsAt = now,
            EndsAt = endsAt,
            ActivatedAt = now,
            SshPublicKey = application.SshPublicKey?.Text ?? "",
            QuoteId = quote.Ticket?.Id,
            Version = 1,
            Segments =
            [
                new(application.RentalId, 1, RentalSegmentKind.Term, now, endsAt, quote.PricePerHour, quote.Term.Hours, quote.Term.Months,
                    quote.DiscountPercent, quote.Total, QuoteId: quote.Ticket?.Id),
            ],
        });
    }

    /// <summary>
    /// Places a machine on the whole node. It costs nothing, has some of the node's slices, and its time is this rental's. The caller writes it under this
    /// rental's lock, and PostgreSQL counts again.
    /// </summary>
    /// <param name="wish">The machine.</param>
    /// <param name="node">The node.</param>
    /// <param name="placed">Slices of the machines that are there.</param>
    /// <param name="now">The instant of the decision.</param>
    public IPlaceMachineResult Place(MachineWish wish, GridNode node, int placed, DateTimeOffset now)
    {
        if (RefuseEnded(now) is { } ended)
            return ended;
        if (Kind != RentalKind.WholeNode)
            return new RentalNotOfNode(Id);
        if (Status == RentalStatus.Grace || now >= EndsAt)
            return new AccountOwes();
        if (node.WhyUnavailable() is { } reason and (NodeUnavailability.Down or NodeUnavailability.Vanished or NodeUnavailability.Doubted))
            return new NodeUnavailable(node.Id, node.Grid, reason);
        if (wish.Slices > SliceTotal - placed)
            return new NodeFull(Id, wish.Slices, SliceTotal - placed);

        return new MachinePlaced(
            new()
            {
                Id = wish.RentalId,
                Kind = RentalKind.Machine,
                HostRentalId = Id,
                RenterId = RenterId,
                NodeId = NodeId,
                FarmerId = FarmerId,
                Name = wish.Name,
                Multiplier = 1,
                Quantity = wish.Slices,
                SliceTotal = wish.Slices,
                Hours = Hours,
                Status = RentalStatus.Provisioning,
                StartsAt = now,
                EndsAt = EndsAt,
                SshPublicKey = wish.SshPublicKey,
                Version = 1,
            },
            this);
    }

    /// <summary>The refusal of what only the rental of the node can do.</summary>
    private MachineFollowsHost? RefuseMachine() => HostRentalId is { } host ? new(Id, host) : null;

    /// <summary>What all slices cost for an hour at the node's price of now.</summary>
    private MicroUsdPerHour PriceAt(GridNode node) => WholePrice(node.PricePerSlice * SliceTotal, NodeDiscount);
}

/// <summary>What a rental is of.</summary>
public enum RentalKind
{
    /// <summary>Slices of a node, with a machine of their own.</summary>
    Slices,

    /// <summary>All slices of a node, which nobody else can rent in the meantime. Its renter places machines there.</summary>
    WholeNode,

    /// <summary>A machine on a node that its renter rents whole. It costs nothing and ends with <c>hostRental</c>.</summary>
    Machine,
}

/// <summary>What a renter sends to rent a whole node.</summary>
public sealed record NodeApplication(RentalId RentalId, AccountId RenterId, RentalTerm Term, NodeQuote Quote)
{
    /// <summary>What the renter calls the rental, if anything.</summary>
    public string? Name { get; init; }

    /// <summary>The key of machines that are placed without one.</summary>
    public SshPublicKey? SshPublicKey { get; init; }

    /// <summary>The platform's share of what the farmer earns.</summary>
    public BasisPoints Fee { get; init; }

    /// <summary>What the farmer promises on top of the unused part, should the rental be ended for the renter.</summary>
    public BasisPoints PenaltyRate { get; init; }
}

/// <summary>A machine to be placed on a whole node.</summary>
/// <param name="RentalId">Of the machine's own rental.</param>
/// <param name="Slices">How many of the node's slices it has; at least 1.</param>
/// <param name="SshPublicKey">The key that gets access.</param>
/// <param name="Name">What the renter calls it, if anything.</param>
public sealed record MachineWish(RentalId RentalId, int Slices, string SshPublicKey, string? Name);
