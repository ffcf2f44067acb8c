using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>The exact price of a rental, valid until an instant. A rental charges its quote, to the micro-dollar.</summary>
/// <remarks>
/// Everything follows from the wish, the rate, the discount, the instant and the ticket, so two quotes with these the same are equal, and
/// <see cref="QuoteText"/> carries no more.
/// </remarks>
public sealed record Quote
{
    internal Quote(RentalWish wish, MicroUsdPerHour pricePerHour, BasisPoints discount, DateTimeOffset validUntil)
    {
        Wish = wish;
        PricePerHour = pricePerHour;
        DiscountPercent = discount;
        ValidUntil = validUntil;
        ListPrice = pricePerHour * wish.Term.Hours;
        DiscountAmount = ListPrice.Part(discount);
        Total = ListPrice - DiscountAmount;
    }

    public RentalWish Wish { get; }

    /// <summary>Of all slices, before discount.</summary>
    public MicroUsdPerHour PricePerHour { get; }

    /// <summary>What the term takes off the list price.</summary>
    public BasisPoints DiscountPercent { get; }

    /// <summary>Rate times hours.</summary>
    public MicroUsd ListPrice { get; }

    /// <summary>The discount in money, rounded half to even.</summary>
    public MicroUsd DiscountAmount { get; }

    /// <summary>What the rental charges.</summary>
    public MicroUsd Total { get; }

    /// <summary>The quote expires at this time.</summary>
    public DateTimeOffset ValidUntil { get; }

    /// <summary>Whose the quote is, and which one. Without it the quote is a price to look at, or that of a rental without a quote.</summary>
    public QuoteTicket? Ticket { get; private init; }

    /// <summary>How the total comes about; the amounts sum to it.</summary>
    public IReadOnlyList<QuoteLine> Lines =>
        DiscountPercent == BasisPoints.Zero
            ? [new(ListLabel, ListPrice)]
            : [new(ListLabel, ListPrice), new($"{DiscountPercent} off for {Wish.Term}", -DiscountAmount)];

    private string ListLabel => $"{Wish.Quantity} × {Wish.SliceCombinationId.Multiplier}x slices at {PricePerHour} USD/h for {Wish.Term}";

    /// <summary>The price of a wish at this node's price of this instant.</summary>
    public static Quote For(RentalWish wish, GridNode node, PricingPolicy policy, DateTimeOffset now)
    {
        if (wish.SliceCombinationId.NodeId != node.Id)
            throw new ArgumentException($"The wish is for node {wish.SliceCombinationId.NodeId}, not for node {node.Id}.", nameof(node));

        return new(wish, node.PricePerSlice * wish.SliceTotal, wish.Term.DiscountPercent, now + policy.QuoteLifetime);
    }

    /// <summary>Quotes a wish, or says why it cannot be rented at this moment. The slices are not held.</summary>
    public static IRentalQuoteResult Ask(RentalWish wish, GridNode node, PricingPolicy policy, DateTimeOffset now) =>
        Availability.Refuse(wish, node) switch
        {
            SliceCombinationNotFound notFound => notFound,
            NodeUnavailable unavailable => unavailable,
            NotEnoughSlices notEnough => notEnough,
            _ => new RentalQuoted(For(wish, node, policy, now)),
        };

    /// <summary>The same price as a quote that this account alone can use, once.</summary>
    public Quote GivenTo(AccountId holder, QuoteId id) => this with { Ticket = new QuoteTicket(id, holder) };

    /// <summary>Whether it is for this wish, and not somebody else's.</summary>
    public bool Fits(RentalWish wish, AccountId renter) => Wish == wish && (Ticket is null || Ticket.Holder == renter);

    public bool IsValidAt(DateTimeOffset now) => now < ValidUntil;

    /// <summary>Whether the farmer at whose price it was given has lost the node since. Null when not, else when: that price ended then.</summary>
    public DateTimeOffset? EndedWithFarmer(GridNode node, PricingPolicy policy) =>
        node.FarmerLeftAt is { } left && ValidUntil - policy.QuoteLifetime <= left ? left : null;
}

/// <summary>What makes a quote one that can be used: by this account, once.</summary>
public sealed record QuoteTicket(QuoteId Id, AccountId Holder);

/// <summary>The id of a quote that was given to somebody.</summary>
public readonly record struct QuoteId(Guid Value)
{
    public static QuoteId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString();
}

/// <summary>One step from the list price to the total; what it takes off is negative.</summary>
public sealed record QuoteLine(string Label, MicroUsd Amount);
