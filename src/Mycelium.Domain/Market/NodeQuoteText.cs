using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>Converts a quote for a whole node to one line of text and back, for a signed token. The text proves nothing without the signature.</summary>
public static class NodeQuoteText
{
    private const string Form = "1";
    private const int PartCount = 11;

    /// <exception cref="ArgumentException">The quote has no ticket: it is nobody's.</exception>
    public static string Write(NodeQuote quote)
    {
        QuoteTicket ticket = quote.Ticket ?? throw new ArgumentException("Only a quote with a ticket can be used.", nameof(quote));
        (char unit, int length) = quote.Term.Months is { } months ? ('m', months) : ('h', quote.Term.Hours.Value);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Form}:{quote.NodeId.Value}:{quote.SliceTotal}:{unit}:{length}:{quote.SlicesPricePerHour.Value}:{quote.NodeDiscountPercent.Value}"
            + $":{quote.DiscountPercent.Value}:{quote.ValidUntil.UtcTicks}:{ticket.Id.Value:N}:{ticket.Holder.Value:N}");
    }

    public static bool TryRead(string? text, [NotNullWhen(true)] out NodeQuote? quote)
    {
        quote = null;
        if (text?.Split(':', PartCount + 1) is not
            [Form, var node, var slices, var unit, var length, var price, var nodeDiscount, var discount, var validUntil, var id, var holder]
            || unit is not ("h" or "m") || !Guid.TryParseExact(id, "N", out Guid quoteId) || !Guid.TryParseExact(holder, "N", out Guid holderId)
            || !TryNumber(node, long.MaxValue, out long nodeId) || !TryNumber(slices, RentalWish.QuantityMax, out long sliceTotal)
            || !TryNumber(length, RentalHours.Max, out long count) || !TryNumber(price, long.MaxValue / RentalHours.Max, out long perHour)
            || !TryNumber(nodeDiscount, BasisPoints.Whole, out long nodePoints) || !TryNumber(discount, BasisPoints.Whole, out long points)
            || !CancelTicket.TryInstant(validUntil, out DateTimeOffset valid)
            || !RentalTerm.TryCreate(unit == "h" ? (int)count : null, unit == "m" ? (int)count : null, out RentalTerm? term))
            return false;

        quote = new NodeQuote(
                new NodeId(nodeId), (int)sliceTotal, term, MicroUsdPerHour.From(perHour), BasisPoints.From((int)nodePoints), BasisPoints.From((int)points),
                valid)
            .GivenTo(new AccountId(holderId), new QuoteId(quoteId));
        return true;
    }

    private static bool TryNumber(string part, long max, out long number) =>
        long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= max;
}
