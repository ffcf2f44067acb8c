using System.Text.Json.Nodes;

namespace Mycelium.GridStandIn.Fleet;

/// <summary>The published records (data/ORIGIN.md): numbers as published, with gaps filled so that every field has a value.</summary>
internal sealed class RealRecords
{
    private readonly Dictionary<int, JsonObject> nodes;

    public RealRecords()
    {
        using Stream stream = typeof(RealRecords).Assembly.GetManifestResourceStream("real-nodes.json")!;
        JsonNode file = JsonNode.Parse(stream)!;
        nodes = file["nodes"]!.AsArray().ToDictionary(node => (int)node!["nodeId"]!, node => node!.AsObject());
        Farm = ReadFarm(file["farms"]![0]!.AsObject());
    }

    /// <summary>Ascending.</summary>
    public IEnumerable<int> NodeIds => nodes.Keys.Order();

    public GridFarm Farm { get; }

    public bool Has(int nodeId) => nodes.ContainsKey(nodeId);

    public GridNode Make(int nodeId, DateTimeOffset now)
    {
        JsonObject record = nodes[nodeId];
        Country country = Places.Named((string?)record["country"] ?? "Belgium");
        Resources total = Read(record["total_resources"]!.AsObject());
        Resources used = record["used_resources"] is JsonObject known ? Read(known) : new Resources(0, 20L << 30, 0, Math.Max(total.Mru / 10, 2L << 30));
        long seconds = now.ToUnixTimeSeconds();
        bool hasGpu = nodeId == 574;
        return new GridNode
        {
            Id = (string?)record["id"] ?? $"{nodeId:D10}-000005-0a1b2",
            NodeId = nodeId,
            Farm = Farm,
            TwinId = (long?)record["twinId"] ?? 1_000 + nodeId,
            Country = country.Name,
            Region = country.Region,
            City = (string?)record["city"] ?? "Unknown",
            Longitude = country.Longitude,
            Latitude = country.Latitude,
            Uptime = (long?)record["uptime"] ?? 1_297_882,
            Created = (long?)record["created"] ?? 1_690_000_000,
            // The published report is years old, but a node that is "up" must have reported within the last 40 minutes.
            UpdatedAt = seconds - (seconds + nodeId) % 2_400,
            Total = total,
            Used = used,
            PublicConfig = PublicConfig.None,
            Status = (string?)record["status"] ?? "up",
            CertificationType = (string?)record["certificationType"] ?? "Diy",
            RentContractId = 0,
            RentedByTwinId = 0,
            SerialNumber = "Not Specified",
            PowerState = "Up",
            PowerTarget = "Up",
            ExtraFee = 0,
            Healthy = (bool?)record["healthy"] ?? true,
            Hardware = new Hardware(
                "American Megatrends Inc.", "3.2", "Supermicro", "X9DRi-LN4+/X9DR3-LN4+",
                "Intel(R) Xeon(R) CPU E5-2620 0 @ 2.00GHz", 12, "Hynix Semiconductor", "DDR3"),
            Upload = 512_345_678.9,
            Download = 498_765_432.1,
            Gpus = hasGpu
                ?
                [
                    new Gpu(
                        "0000:0e:00.0/1002/744c", "Advanced Micro Devices, Inc. [AMD/ATI]", "Navi 31 [Radeon RX 7900 XT/7900 XTX]",
                        0, seconds / 3_600 * 3_600),
                ]
                : [],
            Features = Machines.Features,
            HasContracts = record["used_resources"] is not null,
        };
    }

    private static Resources Read(JsonObject resources) =>
        new((long)resources["cru"]!, (long)resources["sru"]!, (long)resources["hru"]!, (long)resources["mru"]!);

    private static GridFarm ReadFarm(JsonObject farm) => new(
        (string)farm["name"]!,
        (int)farm["farmId"]!,
        (long)farm["twinId"]!,
        CertificationType: "Gold",
        (string)farm["stellarAddress"]!,
        Dedicated: false,
        [.. farm["publicIps"]!.AsArray().Select(ip => new PublicIp((string)ip!["id"]!, (string)ip["ip"]!, (string)ip["gateway"]!, (long)ip["contractId"]!))]);
}
