namespace Mycelium.Domain.Rentals;

/// <summary>The id of a rental: a UUID of version 7, so ids sort by the time they were made.</summary>
public readonly record struct RentalId(Guid Value) : IComparable<RentalId>
{
    public static RentalId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public int CompareTo(RentalId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
