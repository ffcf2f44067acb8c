using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>
/// The exact price of a whole node, valid until a given instant. First the node's discount lowers the price per hour of all its slices, rounded down to the
/// micro-dollar; then the term's discount lowers the sum, rounded half to even as for slices.
/// </summary>
/// <remarks>Everything follows from the parameters of the constructor and the ticket, which <see cref="NodeQuoteText"/> contains.</remarks>
public sealed record NodeQuote
{
    internal NodeQuote(
        NodeId nodeId, int sliceTotal, RentalTerm term, MicroUsdPerHour slicesPricePerHour, BasisPoints nodeDiscount, BasisPoints discount,
        DateTimeOffset validUntil)
    {
        (NodeId, SliceTotal, Term, SlicesPricePerHour) = (nodeId, sliceTotal, term, slicesPricePerHour);
        (NodeDiscountPercent, DiscountPercent, ValidUntil) = (nodeDiscount, discount, validUntil);
        PricePerHour = Rental.WholePrice(slicesPricePerHour, nodeDiscount);
        ListPrice = slicesPricePerHour * term.Hours;
        MicroUsd discounted = PricePerHour * term.Hours;
        NodeDiscountAmount = ListPrice - discounted;
        DiscountAmount = discounted.Part(discount);
        Total = discounted - DiscountAmount;
    }

    public NodeId NodeId { get; }

    /// <summary>Base slices of the node.</summary>
    public int SliceTotal { get; }

    public RentalTerm Term { get; }

    /// <summary>What all slices cost for an hour if they are rented as slices.</summary>
    public MicroUsdPerHour SlicesPricePerHour { get; }

    /// <summary>What a whole node costs less than its slices.</summary>
    public BasisPoints NodeDiscountPercent { get; }

    /// <summary>Of the whole node, before the term's discount.</summary>
    public MicroUsdPerHour PricePerHour { get; }

    /// <summary>What the term takes off.</summary>
    public BasisPoints DiscountPercent { get; }

    /// <summary>The price of all slices for the term, before any discount.</summary>
    public MicroUsd ListPrice { get; }

    /// <summary>The whole node's discount in money.</summary>
    public MicroUsd NodeDiscountAmount { get; }

    /// <summary>The term's discount in money, rounded half to even.</summary>
    public MicroUsd DiscountAmount { get; }

    /// <summary>What the rental charges.</summary>
    public MicroUsd Total { get; }

    /// <summary>The quote expires at this time.</summary>
    public DateTimeOffset ValidUntil { get; }

    /// <summary>The quote's ID and its account; null for a price that is only shown, and for the price of a rental without a quote.</summary>
    public QuoteTicket? Ticket { get; private init; }

    /// <summary>How the total is calculated; the amounts sum to it.</summary>
    public IReadOnlyList<QuoteLine> Lines =>
    [
        new($"{SliceTotal} slices at {SlicesPricePerHour} USD/h for {Term}", ListPrice),
        .. NodeDiscountPercent == BasisPoints.Zero ? Array.Empty<QuoteLine>() : [new($"{NodeDiscountPercent} off for the whole node", -NodeDiscountAmount)],
        .. DiscountPercent == BasisPoints.Zero ? Array.Empty<QuoteLine>() : [new($"{DiscountPercent} off for {Term}", -DiscountAmount)],
    ];

    /// <summary>The price at the node's current price.</summary>
    public static NodeQuote For(GridNode node, RentalTerm term, PricingPolicy policy, DateTimeOffset now) => new(
        node.Id, node.SliceCapacity, term, node.PricePerSlice * node.SliceCapacity, policy.WholeNodeDiscount, term.DiscountPercent, now + policy.QuoteLifetime);

    /// <summary>Quotes a whole node, or explains why it cannot be rented now. Nothing is reserved.</summary>
    public static INodeQuoteResult Ask(GridNode node, RentalTerm term, PricingPolicy policy, DateTimeOffset now) =>
        (INodeQuoteResult?)Availability.RefuseWhole(node) ?? new NodeQuoted(For(node, term, policy, now));

    /// <summary>The same price, as a quote that only this account can use, and only once.</summary>
    public NodeQuote GivenTo(AccountId holder, QuoteId id) => this with { Ticket = new QuoteTicket(id, holder) };

    /// <summary>Whether this account can use it.</summary>
    public bool IsFor(AccountId renter) => Ticket is null || Ticket.Holder == renter;

    /// <summary>Whether it is for this node, as it is now, and term, and not for another account.</summary>
    public bool Fits(GridNode node, RentalTerm term, AccountId renter) =>
        NodeId == node.Id && SliceTotal == node.SliceCapacity && Term == term && IsFor(renter);

    /// <summary>When the farmer who set this price lost the node, which ended the price; null if that has not happened since the quote was given.</summary>
    public DateTimeOffset? EndedWithFarmer(GridNode node, PricingPolicy policy) =>
        node.FarmerLeftAt is { } left && ValidUntil - policy.QuoteLifetime <= left ? left : null;
}
