using System.Text;
using System.Text.Json.Nodes;

namespace Mycelium.GraphQL.Engine.Tests.Data;

/// <summary>The meaning of an <c>order</c>, implemented a second time.</summary>
internal static class OrderOracle
{
    private static readonly string[] Fields =
    [
        "name", "flag", "crew", "tonnage", "draught", "fee", "discount", "builtAt", "lastSeenAt", "kind", "formerKind", "isArmed", "serial",
        "berth.name", "berth.depth", "berth.port.city", "berth.port.isOpen",
    ];

    /// <summary>A random order as a client would send it.</summary>
    public static JsonArray Random(Random random) => new([.. Enumerable.Range(0, random.Next(4)).Select(_ =>
    {
        JsonNode key = random.Next(2) == 0 ? "ASC" : "DESC";
        foreach (string name in Fields[random.Next(Fields.Length)].Split('.').Reverse())
            key = new JsonObject { [name] = key };
        return key;
    })]);

    public static IReadOnlyList<Ship> Sort(IEnumerable<Ship> ships, JsonArray order) =>
        [.. ships.OrderBy(PlainShips.Of, Comparer<Dictionary<string, object?>>.Create((left, right) => Compare(left, right, order)))
            .ThenBy(ship => ship.Id.Value)];

    private static int Compare(Dictionary<string, object?> left, Dictionary<string, object?> right, JsonArray order)
    {
        foreach (JsonNode? key in order)
        {
            int by = Compare(left, right, key!.AsObject());
            if (by != 0)
                return by;
        }
        return 0;
    }

    private static int Compare(Dictionary<string, object?>? left, Dictionary<string, object?>? right, JsonObject key)
    {
        (string name, JsonNode? below) = key.Single();
        (object? leftValue, object? rightValue) = (left?[name], right?[name]);
        if (below is JsonObject nested)
            return Compare((Dictionary<string, object?>?)leftValue, (Dictionary<string, object?>?)rightValue, nested);
        int by = (leftValue, rightValue) switch
        {
            (null, null) => 0,
            (null, _) => 1,
            (_, null) => -1,
            (string one, string other) => Bytes(one, other),
            (Enum one, Enum other) => Bytes(one.ToString(), other.ToString()),
            (Guid one, Guid other) => Bytes(one.ToString(), other.ToString()),
            (IComparable one, _) => one.CompareTo(rightValue),
            _ => throw new ArgumentOutOfRangeException(nameof(key)),
        };
        return (string)below! == "DESC" ? -by : by;
    }

    private static int Bytes(string left, string right) => Encoding.UTF8.GetBytes(left).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(right));
}
