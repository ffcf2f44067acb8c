using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>Random JSON for the variables of an operation: mostly of their types, now and then not.</summary>
internal sealed class VariableGenerator(Schema schema, Random random)
{
    private const int DepthMax = 3;

    public JsonObject Generate(OperationDefinitionNode operation)
    {
        var given = new JsonObject();
        bool isWrong = Chance(0.05);
        foreach (VariableDefinitionNode definition in operation.VariableDefinitions)
        {
            bool isRequired = definition is { Type: NonNullTypeNode, DefaultValue: null };
            if (isRequired ? !isWrong || Chance(0.9) : Chance(0.5))
                given[definition.Variable.Name] = isWrong && Chance(0.5) ? Wrong() : Value(schema.FindType(definition.Type)!, 0);
        }
        return given;
    }

    private bool Chance(double rate) => random.NextDouble() < rate;

    private JsonNode? Wrong() => random.Next(6) switch
    {
        0 => null,
        1 => 1.5,
        2 => "text",
        3 => new JsonObject { ["nowhere"] = 1 },
        4 => new JsonArray(true, "two"),
        _ => 2147483648L,
    };

    private JsonNode? Value(GraphQLType type, int depth)
    {
        if (!type.IsNonNull && Chance(0.1))
            return null;
        return type.Nullable switch
        {
            ListType list when depth <= DepthMax && Chance(0.85) => new JsonArray([.. Enumerable.Range(0, random.Next(3)).Select(_ => Value(list.Of, depth + 1))]),
            ListType => new JsonArray(),
            EnumType values => values.Values[random.Next(values.Values.Count)].Name,
            InputObjectType input => Object(input, depth),
            var scalar => Scalar(scalar.Named.Name),
        };
    }

    private JsonObject Object(InputObjectType type, int depth)
    {
        var fields = new JsonObject();
        if (type.IsOneOf)
        {
            InputValueDefinition one = type.Fields[random.Next(type.Fields.Count)];
            fields[one.Name] = Value(new NonNullType(one.Type), depth + 1);
            return fields;
        }
        foreach (InputValueDefinition field in type.Fields)
        {
            if (field.IsRequired || (depth < DepthMax && Chance(0.3)))
                fields[field.Name] = Value(field.Type, depth + 1);
        }
        return fields;
    }

    private JsonNode Scalar(string name) => name switch
    {
        "Int" => random.Next(-5, 1000),
        "Float" => random.Next(-100, 100) / 4d,
        "Boolean" => Chance(0.5),
        "ID" => Chance(0.5) ? "id-1" : 17,
        "String" => Chance(0.5) ? "text é😀" : "",
        _ => new JsonObject { ["any"] = new JsonArray(1, "two", null) },
    };
}
