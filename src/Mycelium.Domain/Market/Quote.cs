using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>The exact price of a rental, valid until a given instant. A rental is charged exactly its quote.</summary>
/// <remarks>
/// Everything follows from the wish, the rate, the discount, the instant and the ticket. So two quotes that agree in these are equal, and
/// <see cref="QuoteText"/> contains nothing else.
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

    /// <summary>The quote's ID and its account. Null for a price that is only shown, and for the price of a rental without a quote.</summary>
    public QuoteTicket? Ticket { get; private init; }

    /// <summary>How the total is calculated; the amounts sum to it.</summary>
    public IReadOnlyList<QuoteLine> Lines =>
        DiscountPercent == BasisPoints.Zero
            ? [new(ListLabel, ListPrice)]
            : [new(ListLabel, ListPrice), new($"{DiscountPercent} off for {Wish.Term}", -DiscountAmount)];

    private string ListLabel => $"{Wish.Quantity} × {Wish.SliceCombinationId.Multiplier}x slices at {PricePerHour} USD/h for {Wish.Term}";

    /// <summary>The price of a wish at the node's current price.</summary>
    public static Quote For(RentalWish wish, GridNode node, PricingPolicy policy, DateTimeOffset now)
    {
        if (wish.SliceCombinationId.NodeId != node.Id)
            throw new ArgumentException($"The wish is for node {wish.SliceCombinationId.NodeId}, not for node {node.Id}.", nameof(node));

        return new(wish, node.PricePerSlice * wish.SliceTotal, wish.Term.DiscountPercent, now + policy.QuoteLifetime);
    }

    /// <summary>Quotes a wish, or explains why it cannot be rented now. No slices are reserved.</summary>
    public static IRentalQuoteResult Ask(RentalWish wish, GridNode node, PricingPolicy policy, DateTimeOffset now) =>
        Availability.Refuse(wish, node) switch
        {
            SliceCombinationNotFound notFound => notFound,
            NodeUnavailable unavailable => unavailable,
            NotEnoughSlices notEnough => notEnough,
            _ => new RentalQuoted(For(wish, node, policy, now)),
        };

    /// <summary>The same price, as a quote that only this account can use, and only once.</summary>
    public Quote GivenTo(AccountId holder, QuoteId id) => this with { Ticket = new QuoteTicket(id, holder) };

    /// <summary>Whether it is for this wish, and not for another account.</summary>
    public bool Fits(RentalWish wish, AccountId renter) => Wish == wish && (Ticket is null || Ticket.Holder == renter);

    public bool IsValidAt(DateTimeOffset now) => now < ValidUntil;

    /// <summary>When the farmer who set this price lost the node, which ended the price. Null if that has not happened since the quote was given.</summary>
    public DateTimeOffset? EndedWithFarmer(GridNode node, PricingPolicy policy) =>
        node.FarmerLeftAt is { } left && ValidUntil - policy.QuoteLifetime <= left ? left : null;
}

/// <summary>Makes a quote usable: once, and by this account.</summary>
public sealed record QuoteTicket(QuoteId Id, AccountId Holder);

/// <summary>The ID of a quote that was given to an account.</summary>
public readonly record struct QuoteId(Guid Value)
{
    public static QuoteId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public override string ToString() => Value.ToString();
}

/// <summary>One step from the list price to the total; discounts are negative.</summary>
public sealed record QuoteLine(string Label, MicroUsd Amount);
