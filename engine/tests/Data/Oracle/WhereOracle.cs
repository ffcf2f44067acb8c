using System.Globalization;
using System.Numerics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Mycelium.GraphQL.Engine.Tests.Data;

/// <summary>The meaning of a <c>where</c>, implemented a second time and as plainly as possible.</summary>
internal static class WhereOracle
{
    public static bool Holds(JsonObject where, Dictionary<string, object?>? item) => where.All(field => field.Key switch
    {
        "and" => field.Value!.AsArray().All(each => Holds(each!.AsObject(), item)),
        "or" => field.Value!.AsArray().Any(each => Holds(each!.AsObject(), item)),
        "not" => !Holds(field.Value!.AsObject(), item),
        "berth" or "port" => Holds(field.Value!.AsObject(), (Dictionary<string, object?>?)item?[field.Key]),
        "tags" or "cargos" => field.Value!.AsObject().All(quantified => List(quantified.Key, quantified.Value!, (List<object?>?)item?[field.Key] ?? [])),
        _ => Value(field.Value!.AsObject(), item?[field.Key]),
    });

    private static bool List(string quantifier, JsonNode condition, List<object?> items) => quantifier switch
    {
        "any" => (bool)condition == (items.Count > 0),
        "all" => items.TrueForAll(item => Item(condition.AsObject(), item)),
        "none" => !items.Exists(item => Item(condition.AsObject(), item)),
        _ => items.Exists(item => Item(condition.AsObject(), item)),
    };

    private static bool Item(JsonObject condition, object? item) =>
        item is Dictionary<string, object?> thing ? Holds(condition, thing) : Value(condition, item);

    private static bool Value(JsonObject operations, object? value) => operations.All(operation => operation.Key switch
    {
        "and" => operation.Value!.AsArray().All(each => Value(each!.AsObject(), value)),
        "or" => operation.Value!.AsArray().Any(each => Value(each!.AsObject(), value)),
        "eq" => Same(value, operation.Value),
        "neq" => !Same(value, operation.Value),
        "in" => operation.Value!.AsArray().Any(one => Same(value, one)),
        "nin" => !operation.Value!.AsArray().Any(one => Same(value, one)),
        "ieq" => operation.Value is null ? value is null : value is string text && Lower(text) == Lower((string)operation.Value!),
        _ when operation.Key.StartsWith('n') => !Known(operation.Key[1..], value, operation.Value!),
        _ => Known(operation.Key, value, operation.Value!),
    });

    /// <summary>Operators that never match null.</summary>
    private static bool Known(string name, object? value, JsonNode operand) => value is not null && name switch
    {
        "gt" => Compare(value, operand) > 0,
        "gte" => Compare(value, operand) >= 0,
        "lt" => Compare(value, operand) < 0,
        "lte" => Compare(value, operand) <= 0,
        "contains" => ((string)value).Contains((string)operand!, StringComparison.Ordinal),
        "startsWith" => ((string)value).StartsWith((string)operand!, StringComparison.Ordinal),
        "endsWith" => ((string)value).EndsWith((string)operand!, StringComparison.Ordinal),
        "icontains" => Lower((string)value).Contains(Lower((string)operand!), StringComparison.Ordinal),
        "istartsWith" => Lower((string)value).StartsWith(Lower((string)operand!), StringComparison.Ordinal),
        "iendsWith" => Lower((string)value).EndsWith(Lower((string)operand!), StringComparison.Ordinal),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static bool Same(object? value, JsonNode? operand) =>
        value is null || operand is null ? value is null && operand is null : Compare(value, operand) == 0;

    private static int Compare(object value, JsonNode operand) => value switch
    {
        string text => string.CompareOrdinal(text, (string)operand!),
        long number => Compare(number, operand.ToJsonString()),
        double number => number.CompareTo(
            double.Parse(operand.ToJsonString(), CultureInfo.InvariantCulture)) is var order and not 0 ? order : -Beyond(operand.ToJsonString()),
        decimal number => Compare(number, (string)operand!),
        bool flag => flag.CompareTo((bool)operand),
        DateTimeOffset instant => Compare(instant, (string)operand!),
        Guid id => string.CompareOrdinal(id.ToString("N"), Guid.Parse((string)operand!).ToString("N")),
        Enum name => string.CompareOrdinal(name.ToString().ToUpperInvariant(), (string)operand!),
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, null),
    };

    /// <summary>Numbers with an exponent are far from all values, or so close to zero that only a double can tell the difference.</summary>
    private static int Compare(decimal number, string operand) => operand.Contains('e', StringComparison.Ordinal)
        ? ((double)number).CompareTo(double.Parse(operand, CultureInfo.InvariantCulture))
        : new BigRational(number.ToString(CultureInfo.InvariantCulture)).CompareTo(new BigRational(operand));

    /// <summary>For a number that is zero as a double, its sign.</summary>
    private static int Beyond(string operand) => operand switch { "1e-400" => 1, "-1e-400" => -1, _ => 0 };

    private static int Compare(DateTimeOffset instant, string operand)
    {
        Match found = Regex.Match(operand, @"^(.{19})(?:\.(\d+))?(.*)$");
        var second = DateTimeOffset.Parse(found.Groups[1].Value + found.Groups[3].Value, CultureInfo.InvariantCulture);
        string fraction = found.Groups[2].Value.PadRight(21, '0');
        return (instant.Ticks * BigInteger.Pow(10, 14)).CompareTo(
            (second.UtcTicks * BigInteger.Pow(10, 14)) + BigInteger.Parse(fraction, CultureInfo.InvariantCulture));
    }

    /// <summary>Letter by letter, for the letters in the samples.</summary>
    private static string Lower(string text) => string.Concat(text.Select(letter => letter switch
    {
        'İ' or 'ı' => "i",
        'ß' => "ss",
        'ﬃ' => "ffi",
        'ς' => "σ",
        'ǅ' => "ǆ",
        '\u212A' => "k",
        _ => char.ToLowerInvariant(letter).ToString(),
    }));

    /// <summary>A decimal number of any length, without exponent.</summary>
    private readonly struct BigRational(string text) : IComparable<BigRational>
    {
        private const int Places = 60;
        private readonly BigInteger scaled = BigInteger.Parse(
            text.Replace(".", "", StringComparison.Ordinal) + new string(
                '0', Places - (text.Contains('.', StringComparison.Ordinal) ? text.Length - text.IndexOf('.', StringComparison.Ordinal) - 1 : 0)),
            CultureInfo.InvariantCulture);

        public int CompareTo(BigRational other) => scaled.CompareTo(other.scaled);
    }
}
