namespace Mycelium.Domain.Rentals;

/// <summary>The bounds of a rental's name, which is for its renter alone: long enough to tell machines apart, short enough for a table.</summary>
public static class RentalName
{
    public const int LengthMin = 1;
    public const int LengthMax = 64;

    /// <summary>The refusal of a text that is not a name, or null.</summary>
    public static InvalidRentalName? Refuse(string name) =>
        name.Length is < LengthMin or > LengthMax || name.Any(char.IsControl) || name.Trim() != name ? new(name) : null;
}
