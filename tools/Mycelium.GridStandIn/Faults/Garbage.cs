using System.Text;
using System.Text.Json.Nodes;

namespace Mycelium.GridStandIn.Faults;

/// <summary>Corrupt responses with status 200.</summary>
internal static class Garbage
{
    public static readonly IReadOnlyList<string> Kinds =
    [
        "html", "truncated", "wrong-types", "huge", "duplicate", "null", "empty", "nan", "negative",
        "absurd", "long-text", "impossible-id", "deep", "missing-page", "previous-page",
    ];

    /// <summary>Corrupts a correct response.</summary>
    public static byte[] Of(string kind, byte[] honest) => kind switch
    {
        "html" => "<!doctype html><html><body><h1>Welcome to nginx!</h1></body></html>"u8.ToArray(),
        "truncated" => honest[..(honest.Length / 2)],
        "null" => "null"u8.ToArray(),
        "empty" or "missing-page" => "[]"u8.ToArray(),
        "nan" => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(honest).Replace("\"upload\":", "\"upload\":NaN,\"was\":", StringComparison.Ordinal)),
        "deep" => Encoding.UTF8.GetBytes(new string('[', 10_000) + new string(']', 10_000)),
        "duplicate" => Change(honest, list => list.Add(list[0]!.DeepClone())),
        "wrong-types" => Change(honest, list => Each(list, record => (record["nodeId"], record["farmId"]) = ("seven", new JsonArray()))),
        "huge" => Change(honest, list => list[0]!["city"] = new string('x', 10 << 20)),
        "negative" => Change(honest, list => Each(list, record => record["total_resources"] = Resources(-1))),
        "absurd" => Change(honest, list => Each(list, record => record["total_resources"] = Resources(long.MaxValue))),
        "impossible-id" => Change(honest, list => AddEach(list, [0, -1, 1L << 40])),
        "long-text" => Change(honest, list => Each(list, record => record["country"] = new string('B', 300))),
        _ => honest,
    };

    private static byte[] Change(byte[] honest, Action<JsonArray> change)
    {
        JsonNode body = JsonNode.Parse(honest)!;
        var list = body as JsonArray ?? [body];
        if (list.Count > 0)
            change(list);
        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }

    private static void Each(JsonArray list, Action<JsonObject> change)
    {
        foreach (JsonNode? record in list)
            change(record!.AsObject());
    }

    private static void AddEach(JsonArray list, long[] ids)
    {
        foreach (long id in ids)
        {
            JsonNode record = list[0]!.DeepClone();
            (record["nodeId"], record["farmId"]) = (id, id);
            list.Add(record);
        }
    }

    private static JsonObject Resources(long amount) => new() { ["cru"] = amount, ["sru"] = amount, ["hru"] = amount, ["mru"] = amount };
}
