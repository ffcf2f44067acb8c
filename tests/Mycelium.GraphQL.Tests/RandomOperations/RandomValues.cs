using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Relay;
using Mycelium.GraphQL.Engine.TypeSystem;

using GlobalId = Mycelium.GraphQL.Engine.Relay.NodeId;

namespace Mycelium.GraphQL.Tests.RandomOperations;

/// <summary>Values of input types: mostly as clients send them, sometimes at the limits of their type, and for filter operands beyond them.</summary>
internal sealed class RandomValues(Random random, KnownValues known)
{
    private const int Depth = 3;
    private static readonly string[] instants =
        ["2026-01-31T12:00:00Z", "2026-11-30t08:00:00.123456789+02:00", "0000-01-01T00:00:00z", "9999-12-31T23:59:59.9999999Z", "1970-01-01T00:00:00-23:59"];
    private static readonly string[] decimals = ["0.015", "0", "-1", "1e-29", "0.013888888888888888", "79228162514264337593543950335", "1e40", "-1e40"];
    private static readonly string[] floats = ["0", "99.5", "-0.0", "1e308", "1e-320", "50", "4.0"];

    public JsonNode? Of(string place, GraphQLType type, int depth = Depth) => type switch
    {
        NonNullType nonNull => Of(place, nonNull.Of, depth) ?? Required(nonNull.Of, depth),
        _ when random.Next(12) == 0 => null,
        ListType list => List(place, list, depth),
        InputObjectType input => Object(input, depth),
        EnumType @enum => One([.. @enum.Values.Select(value => value.Name)]),
        _ => Scalar(place, type.Named.Name),
    };

    private JsonNode Required(GraphQLType type, int depth)
    {
        JsonNode? value;
        do
            value = Of("", type, depth);
        while (value is null);
        return value;
    }

    private JsonArray List(string place, ListType list, int depth) =>
        [.. Enumerable.Range(0, random.Next(list.Named is InputObjectType ? 3 : 5)).Select(_ => Of(place, list.Of, depth - 1))];

    /// <summary>The required fields and one or two more; with many, a filter would match nothing, since all given fields must match.</summary>
    private JsonObject Object(InputObjectType input, int depth)
    {
        var made = new JsonObject();
        InputValueDefinition[] optional = [.. input.Fields.Where(field => !field.IsRequired && (depth > 0 || field.Type.Named is not InputObjectType))];
        bool isKey = input.Name.EndsWith("SortInput", StringComparison.Ordinal);
        int count = optional.Length == 0 ? 0 : isKey ? 1 : random.Next(1, 3);
        IEnumerable<InputValueDefinition> chosen = Enumerable.Range(0, count).Select(_ => optional[random.Next(optional.Length)]);
        foreach (InputValueDefinition field in input.Fields.Where(field => field.IsRequired).Concat(chosen).DistinctBy(field => field.Name))
            made[field.Name] = isKey ? Required(field.Type, depth - 1) : Of(field.Name, field.Type, depth - 1);
        return made;
    }

    private JsonNode? Scalar(string place, string type) => (type, place) switch
    {
        ("Int", "first" or "last") => random.Next(0, 12),
        ("Int", _) => One([0, 1, 2, 8, random.Next(100), -1, int.MaxValue, int.MinValue]),
        ("Long", _) => One([0L, 1L, 5L, random.NextInt64(100), 4_294_967_296L + random.NextInt64(100), -1L, long.MaxValue, long.MinValue]),
        ("Float", _) => JsonNode.Parse(One(floats)!.GetValue<string>()),
        ("Decimal", _) => One(decimals),
        ("DateTime", _) => One(instants),
        ("Boolean", _) => random.Next(2) == 0,
        ("ID", _) => One([.. known.Ids.Where(id => random.Next(4) == 0 || IsOfPlace(id, place)).DefaultIfEmpty("none")]),
        (_, "after" or "before") => One(known.Cursors),
        (_, "idempotencyKey") => string.Create(CultureInfo.InvariantCulture, $"random-key-{random.NextInt64()}"),
        _ => Text(),
    };

    /// <summary>For <c>sliceCombinationId</c> an id of a slice combination; for <c>id</c> any id.</summary>
    private static bool IsOfPlace(string id, string place) =>
        place.Length <= "id".Length
            || (GlobalId.TryDecode(id, out string type, out _) && string.Equals($"{type}Id", place, StringComparison.OrdinalIgnoreCase));

    private JsonNode Text()
    {
        string text = One(known.Texts)!.GetValue<string>();
        return random.Next(4) switch { 0 when text.Length > 1 && !char.IsSurrogate(text[1]) => text[..1], 1 => text.ToUpperInvariant(), _ => text };
    }

    private JsonNode? One<T>(T[] from) => from.Length == 0 ? null : JsonSerializer.SerializeToNode(from[random.Next(from.Length)]);

    /// <summary>Writes the value as a literal of a document.</summary>
    public static string Literal(JsonNode? value, GraphQLType type) => (value, type.Nullable) switch
    {
        (null, _) => "null",
        (JsonArray items, ListType list) => $"[{string.Join(", ", items.Select(item => Literal(item, list.Of)))}]",
        (JsonObject map, InputObjectType input) =>
            $"{{ {string.Join(", ", map.Select(field => $"{field.Key}: {Literal(field.Value, input.Fields.Find(field.Key)!.Type)}"))} }}",
        (_, EnumType) => value.GetValue<string>(),
        _ => value.ToJsonString(),
    };
}
