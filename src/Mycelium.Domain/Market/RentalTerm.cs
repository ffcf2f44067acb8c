using System.Diagnostics.CodeAnalysis;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Market;

/// <summary>How long a rental lasts: 1 to 8,760 hours, or 1, 3, 6 or 12 billing months of 720 hours, which cost 0, 5, 10 or 15 % less.</summary>
public sealed record RentalTerm
{
    private static readonly Dictionary<int, BasisPoints> discountsByMonths = new()
    {
        [1] = BasisPoints.Zero,
        [3] = BasisPoints.FromPercent(5),
        [6] = BasisPoints.FromPercent(10),
        [12] = BasisPoints.FromPercent(15),
    };

    private RentalTerm(RentalHours hours, int? months, BasisPoints discount) => (Hours, Months, DiscountPercent) = (hours, months, discount);

    /// <summary>The numbers of months that can be rented.</summary>
    public static IReadOnlyList<int> MonthChoices { get; } = [1, 3, 6, 12];

    public RentalHours Hours { get; }

    /// <summary>Null if the term was given in hours: 2,160 hours are as long as 3 months, but without the discount.</summary>
    public int? Months { get; }

    /// <summary>What the term takes off the list price.</summary>
    public BasisPoints DiscountPercent { get; }

    public static RentalTerm OfHours(RentalHours hours) => new(hours, null, BasisPoints.Zero);

    public static RentalTerm OfMonths(int months) =>
        discountsByMonths.TryGetValue(months, out BasisPoints discount)
            ? new(RentalHours.From(RentalHours.Month.Value * months), months, discount)
            : throw new ArgumentOutOfRangeException(nameof(months), months, "A term is 1, 3, 6 or 12 months.");

    /// <summary>The choices of months with what each takes off the list price.</summary>
    public static IReadOnlyList<RentalTerm> InMonths => [.. MonthChoices.Select(OfMonths)];

    /// <summary>The term of a rental, with the discount it received. If the months were not stored, a discount shows that it was rented by the month.</summary>
    public static RentalTerm Of(Rental rental) =>
        new(rental.Hours, rental.Months ?? (rental.Discount == BasisPoints.Zero ? null : rental.Hours.Value / RentalHours.Month.Value), rental.Discount);

    /// <summary>The same length again, at today's discount.</summary>
    public RentalTerm Again() => Months is { } months && discountsByMonths.ContainsKey(months) ? OfMonths(months) : OfHours(Hours);

    /// <summary>A term with the discount that it had when it was paid.</summary>
    internal static RentalTerm Of(RentalHours hours, int? months, BasisPoints discount) => new(hours, months, discount);

    /// <summary>What a length of time takes off the list price: as much as the longest choice of months that fits into it.</summary>
    internal static BasisPoints DiscountOf(TimeSpan length) =>
        MonthChoices.Where(months => RentalHours.Month.ToTimeSpan() * months <= length).Select(months => discountsByMonths[months])
            .LastOrDefault(BasisPoints.Zero);

    /// <summary>Creates a term from either hours or months.</summary>
    public static bool TryCreate(int? hours, int? months, [NotNullWhen(true)] out RentalTerm? term)
    {
        term = (hours, months) switch
        {
            ({ } inHours, null) when RentalHours.IsValid(inHours) => OfHours(RentalHours.From(inHours)),
            (null, { } inMonths) when discountsByMonths.ContainsKey(inMonths) => OfMonths(inMonths),
            _ => null,
        };
        return term is not null;
    }

    public override string ToString() => Months is { } months ? $"{months} {(months == 1 ? "month" : "months")}" : $"{Hours} h";
}
