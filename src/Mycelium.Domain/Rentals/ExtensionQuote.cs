using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>The exact price of another term of a rental, valid until a given instant. The extension is charged exactly this.</summary>
public sealed record ExtensionQuote
{
    internal ExtensionQuote(
        RentalId rentalId, RentalTerm term, MicroUsdPerHour pricePerHour, BasisPoints discount, MicroUsd owed, DateTimeOffset endsAt,
        DateTimeOffset validUntil)
    {
        (RentalId, Term, PricePerHour, DiscountPercent, Owed, EndsAt, ValidUntil) = (rentalId, term, pricePerHour, discount, owed, endsAt, validUntil);
        ListPrice = pricePerHour * term.Hours;
        DiscountAmount = ListPrice.Part(discount);
        Total = owed + ListPrice - DiscountAmount;
    }

    public RentalId RentalId { get; }

    public RentalTerm Term { get; }

    /// <summary>Of all slices, before discount.</summary>
    public MicroUsdPerHour PricePerHour { get; }

    /// <summary>What the term takes off the list price.</summary>
    public BasisPoints DiscountPercent { get; }

    /// <summary>What is owed for time in grace, at the last price; zero outside of grace.</summary>
    public MicroUsd Owed { get; }

    /// <summary>Rate times hours.</summary>
    public MicroUsd ListPrice { get; }

    /// <summary>The discount in money, rounded half to even.</summary>
    public MicroUsd DiscountAmount { get; }

    /// <summary>What the extension charges.</summary>
    public MicroUsd Total { get; }

    /// <summary>When the rental would end. In grace the term begins when the rental is extended, so this moves until then.</summary>
    public DateTimeOffset EndsAt { get; }

    /// <summary>The quote expires at this time.</summary>
    public DateTimeOffset ValidUntil { get; }

    /// <summary>The quote's ID and its account; null for the price of an extension without a quote.</summary>
    public QuoteTicket? Ticket { get; private init; }

    /// <summary>How the total is calculated; the amounts sum to it.</summary>
    public IReadOnlyList<QuoteLine> Lines =>
    [
        .. Owed == MicroUsd.Zero ? Array.Empty<QuoteLine>() : [new("Owed for the time since the last term ended", Owed)],
        new($"{Term} at {PricePerHour} USD/h", ListPrice),
        .. DiscountPercent == BasisPoints.Zero ? Array.Empty<QuoteLine>() : [new($"{DiscountPercent} off for {Term}", -DiscountAmount)],
    ];

    /// <summary>The same price, as a quote that only this account can use, and only once.</summary>
    public ExtensionQuote GivenTo(AccountId holder, QuoteId id) => this with { Ticket = new QuoteTicket(id, holder) };

    /// <summary>Whether it is for this rental and term, and not for another account.</summary>
    public bool Fits(RentalId rental, RentalTerm term, AccountId renter) =>
        RentalId == rental && Term == term && (Ticket is null || Ticket.Holder == renter);
}
