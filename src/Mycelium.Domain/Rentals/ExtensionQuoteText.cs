using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Rentals;

/// <summary>Converts a quote for an extension to one line of text and back, for a signed token. The text proves nothing without the signature.</summary>
public static class ExtensionQuoteText
{
    private const string Form = "1";
    private const int PartCount = 11;

    /// <exception cref="ArgumentException">The quote has no ticket: it is nobody's.</exception>
    public static string Write(ExtensionQuote quote)
    {
        QuoteTicket ticket = quote.Ticket ?? throw new ArgumentException("Only a quote with a ticket can be used.", nameof(quote));
        (char unit, int length) = quote.Term.Months is { } months ? ('m', months) : ('h', quote.Term.Hours.Value);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Form}:{quote.RentalId.Value:N}:{unit}:{length}:{quote.PricePerHour.Value}:{quote.DiscountPercent.Value}:{quote.Owed.Value}"
            + $":{quote.EndsAt.UtcTicks}:{quote.ValidUntil.UtcTicks}:{ticket.Id.Value:N}:{ticket.Holder.Value:N}");
    }

    public static bool TryRead(string? text, [NotNullWhen(true)] out ExtensionQuote? quote)
    {
        quote = null;
        if (text?.Split(':', PartCount + 1) is not
            [Form, var rental, var unit, var length, var price, var discount, var owed, var endsAt, var validUntil, var id, var holder]
            || unit is not ("h" or "m") || !Guid.TryParseExact(rental, "N", out Guid rentalId) || !Guid.TryParseExact(id, "N", out Guid quoteId)
            || !Guid.TryParseExact(holder, "N", out Guid holderId)
            || !TryNumber(length, RentalHours.Max, out long count) || !TryNumber(discount, BasisPoints.Whole, out long points)
            || !TryNumber(price, long.MaxValue / RentalHours.Max, out long perHour) || !TryNumber(owed, long.MaxValue / 4, out long owedMicroUsd)
            || !CancelTicket.TryInstant(endsAt, out DateTimeOffset ends) || !CancelTicket.TryInstant(validUntil, out DateTimeOffset valid)
            || !RentalTerm.TryCreate(unit == "h" ? (int)count : null, unit == "m" ? (int)count : null, out RentalTerm? term))
            return false;

        quote = new ExtensionQuote(
                new RentalId(rentalId), term, MicroUsdPerHour.From(perHour), BasisPoints.From((int)points), MicroUsd.From(owedMicroUsd), ends, valid)
            .GivenTo(new AccountId(holderId), new QuoteId(quoteId));
        return true;
    }

    private static bool TryNumber(string part, long max, out long number) =>
        long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
}
