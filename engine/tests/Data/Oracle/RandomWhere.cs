using System.Globalization;
using System.Text.Json.Nodes;

namespace Mycelium.GraphQL.Engine.Tests.Data;

/// <summary>Random filters on ships, as a client would send them.</summary>
internal sealed class RandomWhere(Random random)
{
    private static readonly string[] Equality = ["eq", "neq", "in", "nin"];
    private static readonly string[] Comparison = [.. Equality, "gt", "ngt", "gte", "ngte", "lt", "nlt", "lte", "nlte"];

    private static readonly string[] FeesBetween =
        ["0.005", "0.0299999999999999999999", "0.030000000000000000000000000000000000000000001", "-1", "1e-29", "-1e-29", "1e99", "-1e99"];
    private static readonly string[] Digits = ["00", "01", "5", "999999999999"];

    private static readonly string[] Text =
    [
        .. Equality, "contains", "ncontains", "startsWith", "nstartsWith", "endsWith", "nendsWith", "ieq", "icontains", "istartsWith", "iendsWith",
    ];

    public JsonObject Ship(int depth) => Thing(depth, Ship,
    [
        ("id", () => Operations(Equality, () => Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"Ship:{random.Next(1, 9)}")))),
        ("name", Name), ("flag", Name),
        ("crew", () => Operations(Comparison, () => Number(random.Next(4), "2147483648", "-2147483649", "1e30", "-1e999999999"))),
        ("tonnage", () => Operations(Comparison, () => Number(5_000_000_000 + random.Next(5), "9223372036854775808", "-1e30"))),
        ("draught", () => Operations(Comparison, () => Number(random.Next(5) / 2.0, "1e400", "-1e400", "1e-400", "-1e-400"))),
        ("fee", Fee), ("discount", Fee),
        ("builtAt", Instant), ("lastSeenAt", Instant),
        ("kind", Kind), ("formerKind", Kind),
        ("isArmed", Flag),
        ("serial", () => Operations(Comparison, () => Samples.Serial(random).ToString())),
        ("tags", () => List(() => Name())),
        ("cargos", () => List(() => Cargo(depth - 1))),
        ("berth", () => Berth(depth - 1)), ("berth", () => Berth(depth - 1)),
    ]);

    private JsonObject Berth(int depth) => Thing(depth, Berth,
        [("name", Name), ("depth", () => Operations(Comparison, () => random.Next(3))),
            ("port", () => Thing(depth - 1, Port, [("city", Name), ("isOpen", Flag)]))]);

    private JsonObject Port(int depth) => Thing(depth, Port, [("city", Name), ("isOpen", Flag)]);

    private JsonObject Cargo(int depth) => Thing(depth, Cargo, [("goods", Name), ("weight", () => Operations(Comparison, () => random.Next(3)))]);

    private JsonObject Thing(int depth, Func<int, JsonObject> again, (string Name, Func<JsonNode> Make)[] fields)
    {
        var where = new JsonObject();
        int count = random.Next(1, 4);
        for (int i = 0; i < count; i++)
        {
            (string name, Func<JsonNode> make) = random.Next(3) > 0 || depth <= 0 ? fields[random.Next(fields.Length)] : random.Next(3) switch
            {
                0 => ("not", () => again(depth - 1)),
                1 => ("and", () => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => again(depth - 1))])),
                _ => ("or", () => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => again(depth - 1))])),
            };
            if (depth > 0 || name is not ("berth" or "port" or "cargos"))
                where[name] = make();
        }
        return where;
    }

    private JsonObject Name()
    {
        JsonObject operations = Operations(Text, () => Samples.Text(random));
        if (random.Next(6) == 0)
            operations[random.Next(2) == 0 ? "and" : "or"] = new JsonArray(
                [.. Enumerable.Range(0, random.Next(3)).Select(_ => Operations(Text, () => Samples.Text(random)))]);
        return operations;
    }

    private JsonObject Fee() => Operations(Comparison, () => random.Next(3) == 0
        ? FeesBetween[random.Next(FeesBetween.Length)]
        : (random.Next(6) / 100m).ToString(CultureInfo.InvariantCulture));

    /// <summary>Usually a value that items have, sometimes one that the type cannot represent.</summary>
    private JsonNode Number<T>(T usual, params string[] beyond) =>
        JsonNode.Parse(random.Next(4) == 0 ? beyond[random.Next(beyond.Length)] : string.Create(CultureInfo.InvariantCulture, $"{usual}"))!;

    private JsonObject Instant() => Operations(
        Comparison,
        () => Samples.Instant(random).ToOffset(TimeSpan.FromHours(random.Next(3))) is var instant && random.Next(3) == 0
            ? instant.ToString("yyyy-MM-dd't'HH:mm:ss.fffffff", CultureInfo.InvariantCulture) + Digits[random.Next(Digits.Length)] + instant.ToString(
                "zzz", CultureInfo.InvariantCulture)
            : instant.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFFzzz", CultureInfo.InvariantCulture));

    private JsonObject Kind() => Operations(Equality, () => ((ShipKind)random.Next(3)).ToString().ToUpperInvariant(), hasNullInLists: false);

    private JsonObject Flag() => Operations(["eq", "neq"], () => random.Next(2) == 0);

    private JsonObject List(Func<JsonNode> item) => (string)new[] { "all", "none", "some", "any" }[random.Next(4)] switch
    {
        "any" => new JsonObject { ["any"] = random.Next(2) == 0 },
        var quantifier => new JsonObject { [quantifier] = item() },
    };

    private JsonObject Operations(string[] names, Func<JsonNode> value, bool hasNullInLists = true)
    {
        var operations = new JsonObject();
        int count = random.Next(5) == 0 ? 2 : 1;
        for (int i = 0; i < count; i++)
        {
            string name = names[random.Next(names.Length)];
            operations[name] = name switch
            {
                "in" or "nin" => new JsonArray([.. Enumerable.Range(0, random.Next(4)).Select(_ => hasNullInLists && random.Next(4) == 0 ? null : value())]),
                "eq" or "neq" or "ieq" when random.Next(4) == 0 => null,
                _ => value(),
            };
        }
        return operations;
    }
}
