using System.Globalization;
using System.Text.Json.Nodes;

namespace Mycelium.GraphQL.Tests.Market;

/// <summary>Random searches whose operands come from the rows, so that edge cases occur.</summary>
internal sealed class RandomSearch(Random random, IReadOnlyList<JsonObject> rows)
{
    private static readonly string[] numbers =
    [
        "multiplier", "cores", "memoryBytes", "ssdBytes", "quantityAvailable",
        "pricePerHour", "pricePerMonth", "uptimePercent", "uploadMbps", "downloadMbps", "gpuCount",
        "gridNode.gridId", "gridNode.freeSlices", "gridNode.pricePerSliceHour", "farm.gridId", "version",
    ];
    private static readonly string[] texts =
        ["farmName", "country", "countryCode", "city", "grid", "gridNode.serialNumber", "gridNode.grid", "farm.name", "farm.grid"];
    private static readonly string[] words = ["certification", "nodeStatus", "region", "gridNode.unavailability"];
    private static readonly string[] flags = ["isDedicated", "farm.isDedicated", "gridNode.isRegistered"];

    public JsonObject Where(int depth = 3) => random.Next(depth > 0 ? 5 : 2) switch
    {
        0 or 1 => Condition(),
        2 => new() { ["and"] = Several(depth) },
        3 => new() { ["or"] = Several(depth) },
        _ => new() { ["not"] = Where(depth - 1) },
    };

    public IReadOnlyList<(string Path, bool IsDescending)> Order() =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => (One([.. numbers, .. texts]), random.Next(2) == 0)).DistinctBy(key => key.Item1)];

    public static JsonArray Order(IEnumerable<(string Path, bool IsDescending)> keys) =>
        [.. keys.Select(key => Nested(key.Path, key.IsDescending ? "DESC" : "ASC"))];

    private JsonArray Several(int depth) => [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Where(depth - 1))];

    private JsonObject Condition()
    {
        string path = One([.. numbers, .. texts, .. words, .. flags]);
        string operation = One<string>(
            numbers.Contains(path) ? ["eq", "neq", "in", "nin", "gt", "gte", "lt", "lte", "ngt"]
            : texts.Contains(path) ? ["eq", "neq", "in", "nin", "contains", "ncontains", "icontains", "startsWith"]
            : words.Contains(path) ? ["eq", "neq", "in", "nin"]
            : ["eq", "neq"]);
        bool isEquality = operation is "eq" or "neq" or "in" or "nin";
        JsonNode? operand = operation is "in" or "nin"
            ? new JsonArray(Operand(path, mayBeNull: false), Operand(path, mayBeNull: false))
            : Operand(path, mayBeNull: isEquality);
        return Nested(path, new JsonObject { [operation] = Part(operation, operand) });
    }

    /// <summary>The value of some row; null only if the schema accepts it and the row has it.</summary>
    private JsonNode? Operand(string path, bool mayBeNull)
    {
        JsonNode?[] values =
        [
            .. rows.Select(row => path.Split('.').Aggregate((JsonNode?)row, (at, name) => at?[name])).Where(value => mayBeNull || value is not null),
        ];
        if (values.Length == 0)
            return texts.Contains(path) ? "nothing" : path == "region" ? "ASIA" : path == "gridNode.unavailability" ? "DOWN" : 1;
        JsonNode? value = One(values);
        return value is not null && MarketRow.IsMoney(path) ? decimal.Parse((string)value!, CultureInfo.InvariantCulture) : value?.DeepClone();
    }

    private JsonNode? Part(string operation, JsonNode? operand)
    {
        if (operation is not ("contains" or "ncontains" or "icontains" or "startsWith"))
            return operand;
        string text = (string)operand!;
        string part = text[..random.Next(1, Math.Min(text.Length, 4) + 1)];
        return operation == "icontains" ? part.ToUpperInvariant() : part;
    }

    private static JsonObject Nested(string path, JsonNode? leaf) =>
        path.Split('.').Reverse().Aggregate(leaf, (inner, name) => new JsonObject { [name] = inner })!.AsObject();

    private T One<T>(T[] from) => from[random.Next(from.Length)];
}
