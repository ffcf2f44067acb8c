using System.Text;
using System.Text.Json.Nodes;

namespace Mycelium.GridStandIn.Faults;

/// <summary>Replaces records of a list, or fields of records, by other texts.</summary>
internal static class SpoiledRecords
{
    public static byte[] Of(byte[] honest, IReadOnlyList<Fault> faults)
    {
        if (honest.Length == 0 || honest[0] != '[')
            return honest;
        var records = JsonNode.Parse(honest)!.AsArray().SelectMany(record => Texts(record!.AsObject(), faults));
        return Encoding.UTF8.GetBytes($"[{string.Join(',', records)}]");
    }

    private static IEnumerable<string> Texts(JsonObject record, IReadOnlyList<Fault> faults)
    {
        Fault[] own = [.. faults.Where(fault => fault.SpoilsRecord && IsOf(record, fault))];
        if (own.Length == 0 || own.Any(fault => fault.Repeat))
            yield return record.ToJsonString();
        if (own.Length > 0)
            yield return own.LastOrDefault(fault => fault.Raw is not null)?.Raw ?? Text(record, own);
    }

    private static bool IsOf(JsonObject record, Fault fault) =>
        record["nodeId"] is { } node ? node.GetValue<long>() == fault.Node : record["farmId"]?.GetValue<long>() == fault.Farm;

    private static string Text(JsonObject record, Fault[] faults)
    {
        Dictionary<string, string> fields = record.ToDictionary(field => field.Key, field => field.Value?.ToJsonString() ?? "null");
        foreach ((string name, string text) in faults.SelectMany(fault => fault.Set ?? new Dictionary<string, string>()))
            fields[name] = text;
        return $"{{{string.Join(',', fields.Select(field => $"\"{field.Key}\":{field.Value}"))}}}";
    }
}
