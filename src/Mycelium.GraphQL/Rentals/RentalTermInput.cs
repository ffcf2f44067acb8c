namespace Mycelium.GraphQL.Rentals;

/// <summary>For how long: give exactly one of <c>hours</c> and <c>months</c>. Months have a discount.</summary>
/// <param name="Hours">1 to 8,760.</param>
/// <param name="Months">1, 3, 6 or 12 billing months of 720 hours each, for 0, 5, 10 or 15 % less.</param>
public sealed record RentalTermInput(int? Hours, int? Months);
