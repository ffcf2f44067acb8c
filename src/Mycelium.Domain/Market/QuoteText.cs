using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>A quote as one line of text and back, for a token that its issuer signs. Not for people, and worth nothing unsigned.</summary>
public static class QuoteText
{
    private const string Version = "1";
    private const int PartCount = 8;

    public static string Write(Quote quote)
    {
        RentalWish wish = quote.Wish;
        (char unit, int length) = wish.Term.Months is { } months ? ('m', months) : ('h', wish.Term.Hours.Value);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Version}:{wish.CombinationId.Value}:{wish.Quantity}:{unit}:{length}:{quote.PricePerHour.Value}:{quote.Discount.Value}:{quote.ValidUntil.UtcTicks}");
    }

    public static bool TryRead(string? text, [NotNullWhen(true)] out Quote? quote)
    {
        quote = null;
        string[] parts = text?.Split(':', PartCount + 1) ?? [];
        if (parts is not [Version, _, _, "h" or "m", _, _, _, _]
            || !TryNumber(parts[1], out long combination)
            || !TryNumber(parts[2], out long quantity) || quantity is < RentalWish.QuantityMin or > RentalWish.QuantityMax
            || !TryNumber(parts[4], out long length) || length > RentalHours.Max
            || !TryNumber(parts[5], out long pricePerHour)
            || !TryNumber(parts[6], out long discount) || discount > BasisPoints.Whole
            || !TryNumber(parts[7], out long validUntil) || validUntil > DateTimeOffset.MaxValue.UtcTicks)
            return false;

        bool isMonths = parts[3] == "m";
        if (!RentalTerm.TryCreate(isMonths ? null : (int)length, isMonths ? (int)length : null, out RentalTerm? term)
            || pricePerHour > long.MaxValue / term.Hours.Value)
            return false;

        var wish = new RentalWish(new SliceCombinationId(combination), (int)quantity, term);
        quote = new Quote(wish, MicroUsdPerHour.From(pricePerHour), BasisPoints.From((int)discount), new DateTimeOffset(validUntil, TimeSpan.Zero));
        return true;
    }

    private static bool TryNumber(string part, out long number) =>
        long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
