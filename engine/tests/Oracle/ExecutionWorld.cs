using System.Globalization;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>
/// Values for any schema, the same here and in <c>engine/tests/graphql-js/behaviour.js</c>; a third of the fields is read while writing, a third
/// resolved immediately, a third later.
/// </summary>
internal static class ExecutionWorld
{
    public static Dictionary<string, object?> Root { get; } = new() { ["key"] = "root" };

    /// <param name="isImmediate">Whether everything is resolved immediately.</param>
    public static void Resolve(SchemaBuilder builder, Schema schema, bool isImmediate = false)
    {
        int number = 0;
        foreach (ObjectType type in schema.Types.OfType<ObjectType>().Where(type => !type.IsBuiltIn))
        {
            foreach (FieldDefinition field in type.Fields)
                Resolve(builder, schema, type, field, isImmediate ? 1 : number++);
        }
    }

    private static void Resolve(SchemaBuilder builder, Schema schema, ObjectType type, FieldDefinition field, int number)
    {
        string coordinate = $"{type.Name}.{field.Name}";
        string[] arguments = [.. field.Arguments.Select(argument => argument.Name)];
        bool isRoot = type == schema.QueryType || type == schema.MutationType;
        if (type == schema.SubscriptionType)
            builder.Subscribe(coordinate, _ => ValueTask.FromResult(Once()));

        if (arguments.Length == 0 && number % 3 == 0)
            builder.ResolvePure(coordinate, parent => Value(schema, field, isRoot ? Root : (Dictionary<string, object?>)parent, []));
        else if (number % 3 == 1)
            builder.Resolve(
                coordinate,
                context =>
                    ValueTask.FromResult(Value(schema, field, isRoot ? Root : context.Parent<Dictionary<string, object?>>(), Given(context, arguments))));
        else
            builder.Resolve(coordinate, async context =>
            {
                await Task.Yield();
                return Value(schema, field, isRoot ? Root : context.Parent<Dictionary<string, object?>>(), Given(context, arguments));
            });
    }

    private static async IAsyncEnumerable<object> Once()
    {
        await Task.Yield();
        yield return Root;
    }

    private static Dictionary<string, object?> Given(ResolverContext context, string[] arguments) =>
        arguments.Where(context.HasArgument).ToDictionary(name => name, context.ArgumentValue<object?>);

    private static object? Value(Schema schema, FieldDefinition field, Dictionary<string, object?> parent, Dictionary<string, object?> arguments)
    {
        uint seed = Hash($"{parent["key"]}/{field.Name}{Shown(arguments)}");
        return seed % 29 == 0 ? throw new GraphQLException("Told to fail.", "TOLD_TO_FAIL") : Value(schema, field.Type, seed);
    }

    private static object? Value(Schema schema, GraphQLType type, uint seed) =>
        (seed >> 8) % (type.IsNonNull ? 50 : 7) == 0 ? null : Present(schema, type.Nullable, seed);

    private static object? Present(Schema schema, GraphQLType type, uint seed)
    {
        switch (type)
        {
            case ListType list:
                return Enumerable.Range(0, (int)((seed >> 4) % 4)).Select(
                    index => Value(schema, list.Of, Hash(string.Create(CultureInfo.InvariantCulture, $"{seed}:{index}")))).ToList();
            case ComplexType or UnionType:
                string[] possible = [.. schema.PossibleTypes(type.Named).Select(one => one.Name).Order(StringComparer.Ordinal)];
                return new Dictionary<string, object?>
                {
                    ["key"] = seed.ToString(CultureInfo.InvariantCulture),
                    ["__typename"] = possible[seed % possible.Length],
                };
        }
        bool isBad = (seed >> 16) % 41 == 0;
        if (type is EnumType values)
            return isBad ? "NO_SUCH_VALUE" : values.Values[(int)(seed % values.Values.Count)].Name;
        return type.Named.Name switch
        {
            "Int" => isBad ? "no number" : (int)(seed % 1000),
            "Float" => isBad ? "no number" : seed % 1000 / 4d,
            "Boolean" => isBad ? "neither" : seed % 2 == 0,
            _ => string.Create(CultureInfo.InvariantCulture, $"text {seed}"),
        };
    }

    private static uint Hash(string text)
    {
        uint value = 0x811c9dc5;
        foreach (char character in text)
            value = (value ^ character) * 0x01000193;
        return value;
    }

    private static string Shown(object? value) => value switch
    {
        null => "null",
        int or long or double => Shown(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
        bool flag => flag ? "\"true\"" : "\"false\"",
        IReadOnlyDictionary<string, object?> map =>
            $"{{{string.Join(',', map.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Key}:{Shown(entry.Value)}"))}}}",
        IEnumerable<object?> items => $"[{string.Join(',', items.Select(Shown))}]",
        _ => $"\"{value}\"",
    };

    private static string Shown(double number) => Math.Abs(number) < 1e12 ? ((long)Math.Floor(number * 16)).ToString(CultureInfo.InvariantCulture) : "big";
}
