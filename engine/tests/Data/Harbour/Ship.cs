using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public readonly record struct ShipId(long Value);

/// <summary>A price in whole cents.</summary>
public readonly record struct Fee : IComparable<Fee>
{
    private Fee(long value) => Value = value;

    public long Value { get; }

    public static Fee From(long cents)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cents);
        return new(cents);
    }

    public int CompareTo(Fee other) => Value.CompareTo(other.Value);
    public static bool operator <(Fee left, Fee right) => left.Value < right.Value;
    public static bool operator <=(Fee left, Fee right) => left.Value <= right.Value;
    public static bool operator >(Fee left, Fee right) => left.Value > right.Value;
    public static bool operator >=(Fee left, Fee right) => left.Value >= right.Value;
}

public enum ShipKind { Tanker, Barge, Ferry }

/// <summary>Has a property of every kind that can be filtered or sorted by.</summary>
public sealed class Ship
{
    private Ship()
    {
    }

    public ShipId Id { get; private set; }
    public string Name { get; private set; } = "";
    public string? Flag { get; private set; }
    public int Crew { get; private set; }
    public long Tonnage { get; private set; }
    public double? Draught { get; private set; }
    public Fee Fee { get; private set; }
    public Fee? Discount { get; private set; }
    public DateTimeOffset BuiltAt { get; private set; }
    public DateTimeOffset? LastSeenAt { get; private set; }
    public ShipKind Kind { get; private set; }
    public ShipKind? FormerKind { get; private set; }
    public bool IsArmed { get; private set; }
    public Guid Serial { get; private set; }
    public string[] Tags { get; private set; } = [];
    public long? BerthId { get; private set; }
    public Berth? Berth { get; private set; }
    public List<Cargo> Cargos { get; private set; } = [];

    [Authorize]
    public string? Secret { get; private set; }

    /// <summary>Computed in C# from properties that are not declared.</summary>
    public string Label => $"{Name} ({Kind})";

    public static Ship Random(long id, Random random, IReadOnlyList<Berth> berths)
    {
        Berth? berth = berths.Count == 0 || random.Next(4) == 0 ? null : berths[random.Next(berths.Count)];
        return new Ship
        {
            Id = new ShipId(id),
            Name = Samples.Text(random),
            Flag = random.Next(3) == 0 ? null : Samples.Text(random),
            Crew = random.Next(4),
            Tonnage = 5_000_000_000 + random.Next(5),
            Draught = random.Next(3) == 0 ? null : random.Next(5) / 2.0,
            Fee = Fee.From(random.Next(6)),
            Discount = random.Next(2) == 0 ? null : Fee.From(random.Next(3)),
            BuiltAt = Samples.Instant(random),
            LastSeenAt = random.Next(2) == 0 ? null : Samples.Instant(random),
            Kind = (ShipKind)random.Next(3),
            FormerKind = random.Next(2) == 0 ? null : (ShipKind)random.Next(3),
            IsArmed = random.Next(2) == 0,
            Serial = Samples.Serial(random),
            Tags = [.. Enumerable.Range(0, random.Next(3)).Select(_ => Samples.Text(random))],
            BerthId = berth?.Id,
            Berth = berth,
            Cargos = [.. Enumerable.Range(0, random.Next(3)).Select(at => Cargo.Random((id * 10) + at, random))],
        };
    }
}

public sealed class Berth
{
    private Berth()
    {
    }

    public long Id { get; private set; }
    public string? Name { get; private set; }
    public int Depth { get; private set; }
    public long? PortId { get; private set; }
    public Port? Port { get; private set; }

    public static Berth Random(long id, Random random, IReadOnlyList<Port> ports)
    {
        Port? port = random.Next(3) == 0 ? null : ports[random.Next(ports.Count)];
        return new Berth { Id = id, Name = random.Next(3) == 0 ? null : Samples.Text(random), Depth = random.Next(3), PortId = port?.Id, Port = port };
    }
}

public sealed class Port
{
    private Port()
    {
    }

    public long Id { get; private set; }
    public string City { get; private set; } = "";
    public bool IsOpen { get; private set; }

    public static Port Random(long id, Random random) => new() { Id = id, City = Samples.Text(random), IsOpen = random.Next(2) == 0 };
}

public sealed class Cargo
{
    private Cargo()
    {
    }

    public long Id { get; private set; }
    public ShipId ShipId { get; private set; }
    public string Goods { get; private set; } = "";
    public int? Weight { get; private set; }

    public static Cargo Random(long id, Random random) => new() { Id = id, Goods = Samples.Text(random), Weight = random.Next(2) == 0 ? null : random.Next(3) };
}
