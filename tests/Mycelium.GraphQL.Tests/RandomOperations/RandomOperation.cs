using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.TypeSystem;
using GraphQLSchema = Mycelium.GraphQL.Engine.TypeSystem.Schema;

namespace Mycelium.GraphQL.Tests.RandomOperations;

/// <summary>
/// A valid operation generated from the schema: fields of every type, arguments as literals and as variables, aliases, named and inline fragments,
/// <c>@include</c> and <c>@skip</c>. The same random numbers yield the same operation.
/// </summary>
internal sealed class RandomOperation
{
    private const int Depth = 5;
    private readonly GraphQLSchema schema;
    private readonly Random random;
    private readonly RandomValues values;
    private readonly List<string> definitions = [];
    private readonly StringBuilder fragments = new();
    private int names;

    private RandomOperation(GraphQLSchema schema, Random random, KnownValues known) =>
        (this.schema, this.random, values) = (schema, random, new RandomValues(random, known));

    public string Query { get; private set; } = "";
    public JsonObject Variables { get; } = [];

    public static RandomOperation OfQuery(GraphQLSchema schema, Random random, KnownValues known)
    {
        var operation = new RandomOperation(schema, random, known);
        return operation.Write("query", operation.Fields(schema.QueryType, random.Next(1, 3), Depth));
    }

    /// <summary>An operation with a single root field.</summary>
    public static RandomOperation Of(string kind, GraphQLSchema schema, ObjectType root, Random random, KnownValues known)
    {
        var operation = new RandomOperation(schema, random, known);
        return operation.Write(kind, operation.Field(root.Fields[random.Next(root.Fields.Count)], Depth, isAliased: false));
    }

    private RandomOperation Write(string kind, string selections)
    {
        string variables = definitions.Count == 0 ? "" : $"({string.Join(", ", definitions)})";
        Query = $"{kind} Random{variables} {{ {selections} }}{fragments}";
        return this;
    }

    private string Fields(NamedType type, int count, int depth)
    {
        if (type is not ComplexType { Fields: var all })
            return OfAbstract(type, depth);
        FieldDefinition[] possible = [.. all.Where(field => depth > 0 || field.Type.Named is ScalarType or EnumType)];
        if (possible.Length == 0)
            return "__typename";
        IEnumerable<string> chosen = Enumerable.Range(0, count)
            .Select(_ => Wrapped(type, Field(possible[random.Next(possible.Length)], depth, isAliased: true)));
        return string.Join(' ', type is InterfaceType ? [.. chosen, OfAbstract(type, depth)] : chosen);
    }

    private string OfAbstract(NamedType type, int depth)
    {
        IReadOnlyList<ObjectType> members = schema.PossibleTypes(type);
        IEnumerable<ObjectType> chosen = Enumerable.Range(0, 2).Select(_ => members[random.Next(members.Count)]).Distinct();
        return $"__typename {string.Join(' ', chosen.Select(member => $"... on {member.Name} {{ {Fields(member, random.Next(1, 4), depth - 1)} }}"))}";
    }

    /// <summary>Every field has its own name in the response, so that no two fields conflict.</summary>
    private string Field(FieldDefinition field, int depth, bool isAliased)
    {
        string name = isAliased ? $"{Name("f")}: {field.Name}" : field.Name;
        string selection = field.Type.Named is ScalarType or EnumType ? "" : $" {{ {Fields(field.Type.Named, random.Next(1, 5), depth - 1)} }}";
        return $"{name}{Arguments(field)}{(isAliased ? Condition() : "")}{selection}";
    }

    private string Arguments(FieldDefinition field)
    {
        string omitted = random.Next(2) == 0 ? "first" : "last"; // The two exclude each other.
        string[] given = [.. field.Arguments
            .Where(argument => argument.IsRequired || (argument.Name != omitted && random.Next(6) < (argument.Name is "after" or "before" or "order" ? 1 : 4)))
            .Select(argument => $"{argument.Name}: {Value(argument)}")];
        return given.Length == 0 ? "" : $"({string.Join(", ", given)})";
    }

    private string Value(InputValueDefinition input)
    {
        JsonNode? value = values.Of(input.Name, input.Type);
        if (random.Next(2) == 0)
            return RandomValues.Literal(value, input.Type);
        string variable = Name("v");
        definitions.Add($"${variable}: {input.Type}");
        Variables[variable] = value?.DeepClone();
        return $"${variable}";
    }

    private string Condition() => random.Next(12) switch
    {
        0 => $" @include(if: {Flag()})",
        1 => $" @skip(if: {Flag()})",
        _ => "",
    };

    private string Flag()
    {
        bool value = random.Next(2) == 0;
        if (random.Next(2) == 0)
            return value ? "true" : "false";
        string variable = Name("v");
        definitions.Add($"${variable}: Boolean!");
        Variables[variable] = value;
        return $"${variable}";
    }

    private string Wrapped(NamedType type, string field)
    {
        switch (random.Next(14))
        {
            case 0:
                return $"... on {type.Name} {{ {field} }}";
            case 1:
                return $"...{Condition()} {{ {field} }}";
            case 2:
                string name = Name("F");
                fragments.Append(CultureInfo.InvariantCulture, $" fragment {name} on {type.Name} {{ {field} }}");
                return $"...{name}";
            default:
                return field;
        }
    }

    private string Name(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}{names++}");
}
