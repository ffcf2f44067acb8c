using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>Converts a quote to one line of text and back, for a signed token. The text is not for people, and proves nothing without the signature.</summary>
public static class QuoteText
{
    /// <summary>
    /// Without a ticket. Releases in which quotes had no owner issued such tokens; they stay readable until they expire, minutes after the
    /// last such replica stops.
    /// </summary>
    private const string WithoutTicket = "1";

    private const string WithTicket = "2";
    private const int PartCountMax = 10;

    public static string Write(Quote quote)
    {
        RentalWish wish = quote.Wish;
        (char unit, int length) = wish.Term.Months is { } months ? ('m', months) : ('h', wish.Term.Hours.Value);
        string price = string.Create(
            CultureInfo.InvariantCulture,
            $"{wish.SliceCombinationId.Value}:{wish.Quantity}:{unit}:{length}"
            + $":{quote.PricePerHour.Value}:{quote.DiscountPercent.Value}:{quote.ValidUntil.UtcTicks}");
        return quote.Ticket is { } ticket ? $"{WithTicket}:{price}:{ticket.Id.Value:N}:{ticket.Holder.Value:N}" : $"{WithoutTicket}:{price}";
    }

    public static bool TryRead(string? text, [NotNullWhen(true)] out Quote? quote)
    {
        quote = null;
        string[] parts = text?.Split(':', PartCountMax + 1) ?? [];
        return parts switch
        {
            [WithoutTicket, .. var price] => TryReadPrice(price, out quote),
            [WithTicket, .. { Length: PartCountMax - 3 } price, var id, var holder] =>
                TryReadPrice(price, out quote) && TryReadTicket(id, holder, ref quote),
            _ => false,
        };
    }

    private static bool TryReadTicket(string idText, string holderText, ref Quote quote)
    {
        if (!TryGuid(idText, out Guid id) || !TryGuid(holderText, out Guid holder))
            return false;
        quote = quote.GivenTo(new AccountId(holder), new QuoteId(id));
        return true;
    }

    private static bool TryReadPrice(string[] parts, [NotNullWhen(true)] out Quote? quote)
    {
        quote = null;
        if (parts is not [_, _, "h" or "m", _, _, _, _]
            || !TryNumber(parts[0], out long combination)
            || !TryNumber(parts[1], out long quantity) || quantity is < RentalWish.QuantityMin or > RentalWish.QuantityMax
            || !TryNumber(parts[3], out long length) || length > RentalHours.Max
            || !TryNumber(parts[4], out long pricePerHour)
            || !TryNumber(parts[5], out long discount) || discount > BasisPoints.Whole
            || !TryNumber(parts[6], out long validUntil) || validUntil > DateTimeOffset.MaxValue.UtcTicks)
            return false;

        bool isMonths = parts[2] == "m";
        if (!RentalTerm.TryCreate(isMonths ? null : (int)length, isMonths ? (int)length : null, out RentalTerm? term)
            || pricePerHour > long.MaxValue / term.Hours.Value)
            return false;

        var wish = new RentalWish(new SliceCombinationId(combination), (int)quantity, term);
        quote = new Quote(wish, MicroUsdPerHour.From(pricePerHour), BasisPoints.From((int)discount), new DateTimeOffset(validUntil, TimeSpan.Zero));
        return true;
    }

    /// <summary>Accepts only the form that <see cref="Write"/> produces.</summary>
    private static bool TryGuid(string part, out Guid id) => Guid.TryParseExact(part, "N", out id) && part == id.ToString("N");

    private static bool TryNumber(string part, out long number) =>
        long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
