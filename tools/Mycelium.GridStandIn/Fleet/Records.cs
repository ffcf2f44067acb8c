namespace Mycelium.GridStandIn.Fleet;

/// <summary>Logical cores, and bytes of SSD, HDD and memory, under the grid's names.</summary>
public sealed record Resources(long Cru, long Sru, long Hru, long Mru)
{
    public static Resources operator +(Resources one, Resources other) =>
        new(one.Cru + other.Cru, one.Sru + other.Sru, one.Hru + other.Hru, one.Mru + other.Mru);
}

/// <summary>One node as reported by GridProxy. Property names are those of its JSON.</summary>
public sealed record GridNode
{
    public required string Id { get; init; }
    public required int NodeId { get; init; }
    public required GridFarm Farm { get; init; }
    public required long TwinId { get; init; }
    public required string Country { get; init; }
    public required string Region { get; init; }
    public required string City { get; init; }
    public required double Longitude { get; init; }
    public required double Latitude { get; init; }

    /// <summary>Seconds since boot, at the last report.</summary>
    public required long Uptime { get; init; }

    /// <summary>Unix seconds.</summary>
    public required long Created { get; init; }

    /// <summary>Unix seconds of the last report.</summary>
    public required long UpdatedAt { get; init; }

    public required Resources Total { get; init; }
    public required Resources Used { get; init; }
    public required PublicConfig PublicConfig { get; init; }
    public required string Status { get; init; }
    public required string CertificationType { get; init; }
    public required long RentContractId { get; init; }
    public required long RentedByTwinId { get; init; }
    public required string SerialNumber { get; init; }
    public required string PowerState { get; init; }
    public required string PowerTarget { get; init; }

    /// <summary>Thousandths of a US dollar per month.</summary>
    public required long ExtraFee { get; init; }

    public required bool Healthy { get; init; }
    public required Hardware Hardware { get; init; }

    /// <summary>Bits per second; 0 if never measured.</summary>
    public required double Upload { get; init; }

    public required double Download { get; init; }
    public required IReadOnlyList<Gpu> Gpus { get; init; }
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Whether any contract runs on it. The API shows this only through <see cref="Dedicated"/> and <see cref="Rentable"/>.</summary>
    public required bool HasContracts { get; init; }

    public bool Rented => RentContractId != 0;
    public bool Rentable => !Rented && (Farm.Dedicated || !HasContracts);
    public bool Dedicated => Farm.Dedicated || !HasContracts || Rented || ExtraFee > 0;

    /// <summary>
    /// US dollars for the whole node and a month of 720 hours, by the grid's formula with 10 mUSD per compute unit and 5 mUSD per storage
    /// unit.
    /// </summary>
    public decimal PriceUsd
    {
        get
        {
            const decimal gib = 1L << 30;
            decimal memory = Total.Mru / gib;
            decimal cores = Total.Cru;
            decimal compute = Math.Min(Math.Min(Math.Max(memory / 4, cores / 2), Math.Max(memory / 8, cores)), Math.Max(memory / 2, cores / 4));
            decimal storage = Total.Hru / gib / 1200 + Total.Sru / gib / 200;
            decimal certified = CertificationType == "Certified" ? 1.25m : 1m;
            return decimal.Round((compute * 0.010m + storage * 0.005m) * certified * 720, 3);
        }
    }
}

public sealed record PublicConfig(string Domain, string Gw4, string Gw6, string Ipv4, string Ipv6)
{
    public static readonly PublicConfig None = new("", "", "", "", "");
}

public sealed record Hardware(string Bios, string BiosVersion, string Board, string Product, string Processor, int Threads, string Memory, string MemoryType);

public sealed record Gpu(string Id, string Vendor, string Device, long Contract, long UpdatedAt);

public sealed record GridFarm(
    string Name, int FarmId, long TwinId, string CertificationType, string StellarAddress, bool Dedicated, IReadOnlyList<PublicIp> PublicIps)
{
    public int FreeIpCount => PublicIps.Count(ip => ip.ContractId == 0);
}

public sealed record PublicIp(string Id, string Ip, string Gateway, long ContractId);
