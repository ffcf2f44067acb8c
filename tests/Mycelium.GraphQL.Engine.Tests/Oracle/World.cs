using System.Globalization;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>
/// A world without data: what a field is follows from its parent, its name and its arguments alone, by a hash. <c>tests/oracle/world.js</c> holds the same
/// world. A few fields fail, and a few that must not be null are.
/// </summary>
internal static class World
{
    private const string Key = "key";

    /// <summary>Resolves every field of every object; each second one later than at once, since that must make no difference.</summary>
    public static void Resolve(SchemaBuilder builder, string sdl)
    {
        foreach (ObjectTypeDefinitionNode type in Parser.ParseDocument(sdl, ParserOptions.Trusted).Definitions.OfType<ObjectTypeDefinitionNode>())
        {
            foreach (FieldDefinitionNode field in type.Fields)
                builder.Resolve($"{type.Name}.{field.Name}", ResolveField);
        }
    }

    private static async ValueTask<object?> ResolveField(ResolverContext context)
    {
        string parent = context.Parent<object>() is IReadOnlyDictionary<string, object?> map ? (string)map[Key]! : "root";
        IReadOnlyDictionary<string, object?> arguments = context.Selection.Arguments;
        string given = string.Join(';', context.Field.Arguments
            .Select(definition => $"{definition.Name}={(arguments.TryGetValue(definition.Name, out object? value) ? Canonical(value, definition.Type) : "")}")
            .Order(StringComparer.Ordinal));
        string key = $"{parent}.{context.Field.Name}({given})";
        if (Hash(key) % 2 == 0)
            await Task.Yield();
        if (Hash(key + "?") % 29 == 0)
            throw new GraphQLException("as the world will have it", "WORLD");
        return ValueOf(key, context.Field.Type, context.Schema);
    }

    private static object? ValueOf(string key, GraphQLType type, Schema schema)
    {
        uint number = Hash(key);
        if (type.IsNonNull)
            return number % 61 == 0 ? null : ValueOf(key + "!", type.Nullable, schema) ?? ValueOf(key + "!!", type.Nullable, schema);
        if (number % 11 == 0)
            return null;
        return type switch
        {
            ListType list => Enumerable.Range(0, (int)(number % 4)).Select(index => ValueOf($"{key}/{index}", list.Of, schema)).ToArray(),
            EnumType values => values.Values[(int)(number % values.Values.Count)].Value,
            ScalarType scalar => Leaf(scalar.Name, number),
            _ => Object(type.Named, number, schema),
        };
    }

    private static Dictionary<string, object?> Object(NamedType type, uint number, Schema schema)
    {
        string[] possible = [.. schema.PossibleTypes(type).Select(each => each.Name).Order(StringComparer.Ordinal)];
        return new Dictionary<string, object?>
        {
            ["__typename"] = possible[number % possible.Length],
            [Key] = number.ToString(CultureInfo.InvariantCulture),
        };
    }

    private static object Leaf(string name, uint number) => name switch
    {
        "Int" => (int)(number % 1000) - 500,
        "Float" => number % 1000 / 8d,
        "Boolean" => number % 2 == 0,
        _ => string.Create(CultureInfo.InvariantCulture, $"{name}{number}"),
    };

    /// <summary>Equal texts for equal argument values.</summary>
    private static string Canonical(object? value, GraphQLType type) => (value, type.Nullable) switch
    {
        (null, _) => "null",
        (_, ScalarType { Name: "Blob" }) => "blob",
        (IEnumerable<object?> items, ListType list) => $"[{string.Join(',', items.Select(item => Canonical(item, list.Of)))}]",
        (IReadOnlyDictionary<string, object?> fields, InputObjectType input) => $"{{{string.Join(',', fields.OrderBy(field => field.Key, StringComparer.Ordinal)
            .Select(field => $"{field.Key}:{Canonical(field.Value, input.Fields.Find(field.Key)!.Type)}"))}}}",
        (double real, _) => string.Create(CultureInfo.InvariantCulture, $"{Math.Truncate(real * 8 % 1_000_000) + 0d:F0}"),
        (bool flag, _) => flag ? "true" : "false",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>FNV-1a over UTF-16 units, 32 bits.</summary>
    private static uint Hash(string text)
    {
        uint value = 0x811c9dc5;
        foreach (char unit in text)
            value = unchecked((value ^ unit) * 0x01000193);
        return value;
    }
}
