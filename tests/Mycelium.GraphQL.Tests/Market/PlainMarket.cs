using System.Text;
using System.Text.Json.Nodes;
using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.Market;

/// <summary>A second implementation of <c>where</c> and <c>order</c>, over rows in memory.</summary>
internal static class PlainMarket
{
    public static bool Holds(JsonObject where, JsonObject row, string prefix = "") => where.All(field => field.Key switch
    {
        "and" => field.Value!.AsArray().All(each => Holds(each!.AsObject(), row, prefix)),
        "or" => field.Value!.AsArray().Any(each => Holds(each!.AsObject(), row, prefix)),
        "not" => !Holds(field.Value!.AsObject(), row, prefix),
        "gridNode" or "farm" => Holds(field.Value!.AsObject(), row, field.Key + "."),
        _ => field.Value!.AsObject().All(operation => Holds(operation.Key, operation.Value, MarketRow.Value(row, prefix + field.Key))),
    });

    /// <summary>Sorts by the keys, then by id.</summary>
    public static IEnumerable<string> Sorted(IEnumerable<JsonObject> rows, IReadOnlyList<(string Path, bool IsDescending)> keys) =>
        MarketRow.Ids(rows.Order(Comparer<JsonObject>.Create((left, right) =>
        {
            foreach ((string path, bool isDescending) in keys)
            {
                int by = Compare(MarketRow.Value(left, path), MarketRow.Value(right, path));
                if (by != 0)
                    return isDescending ? -by : by;
            }
            return Number(left).CompareTo(Number(right));
        })));

    private static bool Holds(string operation, JsonNode? operand, object? value)
    {
        if (operation is "in" or "nin")
            return operand!.AsArray().Any(one => Equals(value, Plain(one, value))) == (operation == "in");
        object? other = Plain(operand, value);
        return operation switch
        {
            "eq" => Equals(value, other),
            "neq" => !Equals(value, other),
            "contains" => value is string text && text.Contains((string)other!, StringComparison.Ordinal),
            "ncontains" => !(value is string text && text.Contains((string)other!, StringComparison.Ordinal)),
            "icontains" => value is string text && text.Contains((string)other!, StringComparison.OrdinalIgnoreCase),
            "startsWith" => value is string text && text.StartsWith((string)other!, StringComparison.Ordinal),
            "gt" => value is not null && Compare(value, other) > 0,
            "gte" => value is not null && Compare(value, other) >= 0,
            "lt" => value is not null && Compare(value, other) < 0,
            "lte" => value is not null && Compare(value, other) <= 0,
            "ngt" => !(value is not null && Compare(value, other) > 0),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, null),
        };
    }

    private static object? Plain(JsonNode? operand, object? value) => operand switch
    {
        null => null,
        _ when operand.GetValueKind() == System.Text.Json.JsonValueKind.String => (string)operand!,
        _ when value is bool || operand.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False => (bool)operand,
        _ => decimal.Parse(operand.ToJsonString(), System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture),
    };

    /// <summary>Null is greater than every value; text is compared by its bytes.</summary>
    private static int Compare(object? left, object? right) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => 1,
        (_, null) => -1,
        (string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other)),
        (IComparable one, _) => one.CompareTo(right),
        _ => throw new ArgumentOutOfRangeException(nameof(left)),
    };

    private static long Number(JsonObject row) =>
        GlobalId.TryDecode((string)row["id"]!, out _, out string id)
            ? long.Parse(id, System.Globalization.CultureInfo.InvariantCulture)
            : throw new FormatException("No id.");
}
