using System.Globalization;

namespace Mycelium.GridStandIn.Fleet;

/// <summary>
/// Generates node n from the seed, in the ranges of the grid's own test data: 4-128 threads, 4-256 GiB memory, 200 GiB-30 TiB SSD, 100 GiB-30 TiB HDD,
/// half of the nodes up, three in ten with a power record, one in ten with a public configuration.
/// </summary>
internal sealed class NodeGenerator(long seed, FarmGenerator farms)
{
    private const long GiB = 1L << 30;

    public GridNode Make(int nodeId, GridFarm farm, DateTimeOffset now)
    {
        var random = new Randomness(seed, "node", nodeId);
        Country country = farms.CountryOf(farm.FarmId);
        string city = Places.City(country, ref random);
        Resources total = Total(ref random);
        (Resources used, bool hasContracts) = Used(total, ref random);
        bool rented = random.Chance(2);
        (string status, string state, string target) = Power(ref random);
        long reportedAt = ReportedAt(status, now, ref random);
        long upload = random.Chance(85) ? random.Between(20_000_000, 2_500_000_000) : 0;
        long gpuCount = random.Chance(8) ? random.Between(1, 4) : 0;
        return new GridNode
        {
            Id = string.Create(CultureInfo.InvariantCulture, $"{nodeId:D10}-000001-{random.Next() & 0xFFFFF:x5}"),
            NodeId = nodeId,
            Farm = farm,
            TwinId = 1_000 + nodeId,
            Country = country.Name,
            Region = country.Region,
            City = city,
            Longitude = Math.Round(Math.Clamp(country.Longitude + random.Fraction() * 2 - 1, -180, 180), 4),
            Latitude = Math.Round(Math.Clamp(country.Latitude + random.Fraction() * 2 - 1, -90, 90), 4),
            Uptime = random.Between(3_600, 40_000_000),
            Created = 1_640_000_000 + random.Between(0, 100_000_000),
            UpdatedAt = reportedAt,
            Total = total,
            Used = used,
            PublicConfig = random.Chance(10) ? Public(nodeId, ref random) : PublicConfig.None,
            Status = status,
            CertificationType = random.Chance(20) ? "Certified" : "Diy",
            RentContractId = rented ? random.Between(1, 900_000) : 0,
            RentedByTwinId = rented ? random.Between(3_000_000, 3_100_000) : 0,
            SerialNumber = random.Chance(50) ? "Not Specified" : string.Create(CultureInfo.InvariantCulture, $"{random.Next() & 0xFFFFFFFFFF:X10}"),
            PowerState = state,
            PowerTarget = target,
            ExtraFee = random.Chance(3) ? random.Between(1_000, 50_000) : 0,
            Healthy = status == "up" && random.Chance(95),
            Hardware = Machines.DrawHardware((int)total.Cru, ref random),
            Upload = upload,
            Download = upload == 0 ? 0 : random.Between(20_000_000, 2_500_000_000),
            Gpus = Machines.DrawGpus((int)gpuCount, now.ToUnixTimeSeconds() / 3_600 * 3_600, ref random),
            Features = Machines.Features,
            HasContracts = hasContracts,
        };
    }

    private static Resources Total(ref Randomness random)
    {
        long cores = random.Between(2, 64) * 2;
        long memory = random.Between(4, 256) * GiB - random.Between(0, 400_000_000); // Firmware and kernel reserve some, so real numbers are never round.
        long ssd = random.Between(200, 30 * 1_024) * GiB;
        long hdd = random.Chance(60) ? random.Between(100, 30 * 1_024) * GiB : 0;
        return new Resources(cores, ssd, hdd, memory);
    }

    /// <summary>What contracts use (possibly more than there is, because the grid sells threads several times) plus what the system reserves.</summary>
    private static (Resources Used, bool HasContracts) Used(Resources total, ref Randomness random)
    {
        int contracts = (int)random.Between(0, 3);
        long cores = 0, memory = 0, ssd = 0;
        for (int contract = 0; contract < contracts; contract++)
        {
            cores += random.Between(1, 16);
            memory += random.Between(1, 64) * (GiB / 4);
            ssd += random.Between(1, 1_200) * (GiB / 4);
        }
        var used = new Resources(cores, ssd + 20 * GiB, 0, memory + Math.Max(total.Mru / 10, 2 * GiB));
        return (used, contracts > 0);
    }

    private static (string Status, string State, string Target) Power(ref Randomness random)
    {
        bool up = random.Chance(50);
        bool hasRecord = random.Chance(30);
        return (up, hasRecord) switch
        {
            (true, true) => ("up", "Up", "Up"),
            (true, false) => ("up", "", ""),
            (false, true) => ("standby", "Down", "Down"),
            (false, false) => ("down", "", ""),
        };
    }

    /// <summary>Nodes report every 40 minutes, each at its own minute. A node in standby last reported within a day, a dead one long ago.</summary>
    private static long ReportedAt(string status, DateTimeOffset now, ref Randomness random)
    {
        long seconds = now.ToUnixTimeSeconds();
        long phase = random.Between(0, 2_399);
        return status switch
        {
            "up" => seconds - (seconds + phase) % 2_400,
            "standby" => seconds - (seconds + phase) % 2_400 - 7_200,
            _ => StandInOptions.DefaultNow.ToUnixTimeSeconds() - 86_400 * random.Between(2, 300),
        };
    }

    private static PublicConfig Public(int nodeId, ref Randomness random)
    {
        string last = (nodeId % 200 + 20).ToString(CultureInfo.InvariantCulture);
        string domain = random.Chance(50) ? string.Create(CultureInfo.InvariantCulture, $"gent{nodeId}.example.org") : "";
        return new PublicConfig(domain, "203.0.113.1", "2001:db8::1", $"203.0.113.{last}/24", $"2001:db8::{last}/64");
    }
}
