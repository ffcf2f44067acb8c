namespace Mycelium.Domain.Rentals;

/// <summary>The ID of a rental: a UUID of version 7, so IDs sort by creation time.</summary>
public readonly record struct RentalId(Guid Value) : IComparable<RentalId>
{
    public static RentalId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public int CompareTo(RentalId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}
