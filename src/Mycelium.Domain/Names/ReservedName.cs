using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Domain.Names;

/// <summary>The ID of a reserved name: a UUID of version 7, so IDs sort by creation time.</summary>
public readonly record struct ReservedNameId(Guid Value) : IComparable<ReservedNameId>
{
    public static ReservedNameId New(DateTimeOffset now) => new(Guid.CreateVersion7(now));

    public int CompareTo(ReservedNameId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>The state of a reserved name.</summary>
public enum NameStatus
{
    /// <summary>It is paid, by the hour.</summary>
    Active,

    /// <summary>An hour could not be paid. The name is kept for some time, and this time is owed.</summary>
    Grace,

    /// <summary>Others may reserve it.</summary>
    Released,
}

/// <summary>Why a name was released.</summary>
public enum NameReleaseReason
{
    /// <summary>Its account released it.</summary>
    ReleasedByHolder,

    /// <summary>It was not paid again within its grace period.</summary>
    GraceEnded,
}

/// <summary>
/// A name of a grid's gateway, held by one account as long as it pays for it, that leads to one of the account's rentals there. Unique in the grid.
/// </summary>
public sealed class ReservedName
{
    public const int LengthMin = 3;
    public const int LengthMax = 63;

    private ReservedName()
    {
    }

    public ReservedNameId Id { get; private set; }

    /// <summary>The grid whose gateway it is a name of.</summary>
    public string Grid { get; private set; } = "";

    /// <summary>3 to 63 of a-z, 0-9 and hyphens, with none at the ends.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Who holds it.</summary>
    public AccountId AccountId { get; private set; }

    /// <summary>The rental that it leads to; null while it leads nowhere.</summary>
    public RentalId? RentalId { get; private set; }

    /// <summary>What an hour costs.</summary>
    public MicroUsdPerHour PricePerHour { get; private set; }

    public NameStatus Status { get; private set; }

    /// <summary>When it was reserved.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The end of what is paid.</summary>
    public DateTimeOffset PaidUntil { get; private set; }

    /// <summary>When it is released unless it is paid; null outside of grace.</summary>
    public DateTimeOffset? GraceEndsAt { get; private set; }

    /// <summary>When it was released; null before.</summary>
    public DateTimeOffset? ReleasedAt { get; private set; }

    public NameReleaseReason? ReleaseReason { get; private set; }

    /// <summary>All that was paid for it.</summary>
    public MicroUsd Paid { get; private set; }

    /// <summary>Of what the gateway should do: it grows with each change, also from one holder of a name to the next.</summary>
    public long RouteVersion { get; private set; }

    /// <summary>The last version that the gateway has carried out.</summary>
    public long RouteDone { get; private set; }

    /// <summary>Whether a text can be a name.</summary>
    public static bool IsValid(string name) =>
        name.Length is >= LengthMin and <= LengthMax && name[0] != '-' && name[^1] != '-'
        && name.All(character => character is >= 'a' and <= 'z' or >= '0' and <= '9' or '-');

    /// <summary>What is charged when a name is reserved: the rest of the hour, rounded down.</summary>
    public static MicroUsd FirstCharge(MicroUsdPerHour price, DateTimeOffset now) => RentalSegment.CostOf(price, Rental.HourAfter(now) - now);

    /// <summary>A name that is about to be held, paid until the end of this hour.</summary>
    public static ReservedName Reserve(string grid, string name, Rental rental, MicroUsdPerHour price, DateTimeOffset now) => new()
    {
        Id = ReservedNameId.New(now),
        Grid = grid,
        Name = name,
        AccountId = rental.RenterId,
        RentalId = rental.Id,
        PricePerHour = price,
        CreatedAt = now,
        PaidUntil = Rental.HourAfter(now),
        RouteVersion = VersionAt(now),
    };

    /// <summary>Leads it to another rental.</summary>
    public void Point(RentalId rental, DateTimeOffset now)
    {
        if (RentalId == rental)
            return;
        RentalId = rental;
        Reroute(now);
    }

    /// <summary>Gives it up.</summary>
    public void Release(NameReleaseReason reason, DateTimeOffset at, DateTimeOffset now)
    {
        (Status, ReleasedAt, ReleaseReason, GraceEndsAt) = (NameStatus.Released, at < CreatedAt ? CreatedAt : at, reason, null);
        if (RentalId is not null)
            Reroute(now);
        RentalId = null;
    }

    /// <summary>Pays what is owed and the rest of this hour. Null, without a change, if it is not in grace or the wallet holds too little.</summary>
    public MicroUsd? Resume(MicroUsd balance, DateTimeOffset now)
    {
        if (Status != NameStatus.Grace || now >= GraceEndsAt)
            return null;
        DateTimeOffset from = now > PaidUntil ? now : PaidUntil;
        DateTimeOffset until = Rental.HourAfter(from);
        MicroUsd charge = RentalSegment.CostOf(PricePerHour, from - PaidUntil) + RentalSegment.CostOf(PricePerHour, until - from);
        if (charge > balance)
            return null;
        (Status, GraceEndsAt, PaidUntil) = (NameStatus.Active, null, until);
        return charge;
    }

    private void Reroute(DateTimeOffset now) => RouteVersion = Math.Max(RouteVersion + 1, VersionAt(now));

    /// <summary>Milliseconds: the next holder of a name has higher versions than the last.</summary>
    private static long VersionAt(DateTimeOffset now) => now.ToUnixTimeMilliseconds();
}
