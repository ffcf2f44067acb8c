using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>How the fields of <see cref="BoxWorld"/> get their values.</summary>
public enum ResolverMode { Pure, Immediate, Later, Mixed }

/// <summary>
/// Values for <c>boxes.graphqls</c>, in which a field's name says how it behaves: <c>fail…</c> throws, <c>none…</c> is null, <c>bad…</c> has the
/// wrong type, <c>gap…</c> is a list whose second item is null; everything else has a value. The suffix <c>Strict</c> marks non-null.
/// </summary>
internal static class BoxWorld
{
    private static readonly string[] EchoArguments = ["text", "number", "list", "input"];

    public static TestEngine Engine(string sdl, ResolverMode mode) => new(sdl, builder => Resolve(builder, SchemaBuilder.FromSdl(sdl).Build(), mode));

    public static void Resolve(SchemaBuilder builder, Schema schema, ResolverMode mode)
    {
        int number = 0;
        foreach (ObjectType type in schema.Types.OfType<ObjectType>().Where(type => !type.IsBuiltIn))
        {
            foreach (FieldDefinition field in type.Fields.Where(field => field.Arguments.Count == 0))
                Resolve(builder, $"{type.Name}.{field.Name}", field, mode == ResolverMode.Mixed ? (ResolverMode)(number++ % 3) : mode);
        }
        builder.Resolve("Query.echo", context => ValueTask.FromResult<object?>(
            string.Join(' ', EchoArguments.Where(context.HasArgument).Select(name => $"{name}={Shown(context.ArgumentValue<object?>(name))}"))));
    }

    private static void Resolve(SchemaBuilder builder, string coordinate, FieldDefinition field, ResolverMode mode)
    {
        switch (mode)
        {
            case ResolverMode.Pure:
                builder.ResolvePure(coordinate, _ => Value(field));
                break;
            case ResolverMode.Immediate:
                builder.Resolve(coordinate, _ => ValueTask.FromResult(Value(field)));
                break;
            default:
                builder.Resolve(coordinate, async _ =>
                {
                    await Task.Yield();
                    return Value(field);
                });
                break;
        }
    }

    public static object? Value(FieldDefinition field)
    {
        if (field.Name.StartsWith("fail", StringComparison.Ordinal))
            throw new GraphQLException("Told to fail.", "TOLD_TO_FAIL");
        if (field.Name.StartsWith("none", StringComparison.Ordinal))
            return null;
        if (field.Name.StartsWith("lost", StringComparison.Ordinal))
            throw new GraphQLException(new GraphQLError("First.", "TOLD_TO_FAIL"), new GraphQLError("Second.", "TOLD_TO_FAIL"));
        return Value(field.Type, field.Name);
    }

    private static object? Value(GraphQLType type, string name) => type.Nullable switch
    {
        ListType list when name.StartsWith("empty", StringComparison.Ordinal) => Array.Empty<object>(),
        ListType list => new[] { Value(list.Of, name), name.StartsWith("gap", StringComparison.Ordinal) ? null : Value(list.Of, name), Value(list.Of, name) },
        EnumType @enum => @enum.Values[0].Value,
        ScalarType { Name: "Int" } => 42,
        ScalarType { Name: "Float" } => 1.5,
        ScalarType { Name: "Boolean" } => true,
        ScalarType { Name: "ID" } => "id-1",
        ScalarType => "text",
        UnionType union => new Dictionary<string, object?> { ["__typename"] = union.Members[^1].Name },
        _ => new Dictionary<string, object?> { ["__typename"] = type.Named is InterfaceType ? "Crate" : type.Named.Name },
    };

    private static string Shown(object? value) => value switch
    {
        null => "null",
        IReadOnlyDictionary<string, object?> map => $"{{{string.Join(',', map.Select(entry => $"{entry.Key}:{Shown(entry.Value)}"))}}}",
        object?[] items => $"[{string.Join(',', items.Select(Shown))}]",
        _ => value.ToString()!,
    };
}
