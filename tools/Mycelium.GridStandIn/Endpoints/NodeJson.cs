using System.Globalization;
using System.Text.Json;
using Mycelium.GridStandIn.Fleet;

namespace Mycelium.GridStandIn.Endpoints;

/// <summary>Writes a node field by field, in GridProxy's order. In lists resources are flat; a single node has them under <c>capacity</c>.</summary>
internal static class NodeJson
{
    public static void Write(Utf8JsonWriter writer, GridNode node, bool nested)
    {
        writer.WriteStartObject();
        writer.WriteString("id", node.Id);
        writer.WriteNumber("nodeId", node.NodeId);
        writer.WriteNumber("farmId", node.Farm.FarmId);
        writer.WriteString("farmName", node.Farm.Name);
        writer.WriteNumber("twinId", node.TwinId);
        writer.WriteString("country", node.Country);
        writer.WriteNumber("gridVersion", 3);
        writer.WriteString("city", node.City);
        writer.WriteNumber("uptime", node.Uptime);
        writer.WriteNumber("created", node.Created);
        writer.WriteNumber("farmingPolicyId", 1);
        writer.WriteNumber("updatedAt", node.UpdatedAt);
        if (nested)
            writer.WriteStartObject("capacity");
        WriteResources(writer, "total_resources", node.Total);
        WriteResources(writer, "used_resources", node.Used);
        if (nested)
            writer.WriteEndObject();
        WritePlace(writer, node);
        writer.WriteString("status", node.Status);
        writer.WriteString("certificationType", node.CertificationType);
        writer.WriteBoolean("dedicated", node.Dedicated);
        writer.WriteBoolean("inDedicatedFarm", node.Farm.Dedicated);
        writer.WriteNumber("rentContractId", node.RentContractId);
        writer.WriteBoolean("rented", node.Rented);
        writer.WriteBoolean("rentable", node.Rentable);
        writer.WriteNumber("rentedByTwinId", node.RentedByTwinId);
        writer.WriteString("serialNumber", node.SerialNumber);
        writer.WriteStartObject("power");
        writer.WriteString("state", node.PowerState);
        writer.WriteString("target", node.PowerTarget);
        writer.WriteEndObject();
        writer.WriteNumber("num_gpu", node.Gpus.Count);
        writer.WriteNumber("extraFee", node.ExtraFee);
        writer.WriteBoolean("healthy", node.Healthy);
        WriteHardware(writer, node.Hardware);
        writer.WriteStartObject("speed");
        writer.WriteNumber("upload", node.Upload);
        writer.WriteNumber("download", node.Download);
        writer.WriteNumber("UpdatedAt", 0);
        writer.WriteEndObject();
        WriteGpus(writer, node.Gpus);
        writer.WriteNumber("price_usd", node.PriceUsd);
        writer.WriteNumber("farm_free_ips", node.Farm.FreeIpCount);
        writer.WriteStartArray("features");
        foreach (string feature in node.Features)
            writer.WriteStringValue(feature);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteResources(Utf8JsonWriter writer, string name, Resources resources)
    {
        writer.WriteStartObject(name);
        writer.WriteNumber("cru", resources.Cru);
        writer.WriteNumber("sru", resources.Sru);
        writer.WriteNumber("hru", resources.Hru);
        writer.WriteNumber("mru", resources.Mru);
        writer.WriteEndObject();
    }

    private static void WritePlace(Utf8JsonWriter writer, GridNode node)
    {
        writer.WriteStartObject("location");
        writer.WriteString("country", node.Country);
        writer.WriteString("city", node.City);
        writer.WriteNumber("longitude", node.Longitude);
        writer.WriteNumber("latitude", node.Latitude);
        writer.WriteEndObject();
        writer.WriteStartObject("publicConfig");
        writer.WriteString("domain", node.PublicConfig.Domain);
        writer.WriteString("gw4", node.PublicConfig.Gw4);
        writer.WriteString("gw6", node.PublicConfig.Gw6);
        writer.WriteString("ipv4", node.PublicConfig.Ipv4);
        writer.WriteString("ipv6", node.PublicConfig.Ipv6);
        writer.WriteEndObject();
    }

    private static void WriteHardware(Utf8JsonWriter writer, Hardware hardware)
    {
        writer.WriteStartObject("dmi");
        writer.WriteStartObject("bios");
        writer.WriteString("vendor", hardware.Bios);
        writer.WriteString("version", hardware.BiosVersion);
        writer.WriteEndObject();
        writer.WriteStartObject("baseboard");
        writer.WriteString("manufacturer", hardware.Board);
        writer.WriteString("product_name", hardware.Product);
        writer.WriteEndObject();
        writer.WriteStartArray("processor");
        writer.WriteStartObject();
        writer.WriteString("version", hardware.Processor);
        writer.WriteString("thread_count", hardware.Threads.ToString(CultureInfo.InvariantCulture)); // A string in GridProxy too.
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteStartArray("memory");
        writer.WriteStartObject();
        writer.WriteString("manufacturer", hardware.Memory);
        writer.WriteString("type", hardware.MemoryType);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteNumber("UpdatedAt", 0);
        writer.WriteEndObject();
    }

    private static void WriteGpus(Utf8JsonWriter writer, IReadOnlyList<Gpu> gpus)
    {
        writer.WriteStartArray("gpus");
        foreach (Gpu gpu in gpus)
        {
            writer.WriteStartObject();
            writer.WriteString("id", gpu.Id);
            writer.WriteString("vendor", gpu.Vendor);
            writer.WriteString("device", gpu.Device);
            writer.WriteNumber("contract", gpu.Contract);
            writer.WriteNumber("updated_at", gpu.UpdatedAt);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
