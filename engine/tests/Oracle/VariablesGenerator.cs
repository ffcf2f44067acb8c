using System.Text.Json.Nodes;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>Writes random variables for an operation: mostly valid, occasionally not.</summary>
internal sealed class VariablesGenerator(Schema schema, Random random)
{
    private const int DepthMax = 3;

    public JsonObject Generate(OperationDefinitionNode operation)
    {
        var variables = new JsonObject();
        foreach (VariableDefinitionNode definition in operation.VariableDefinitions)
        {
            GraphQLType type = schema.FindType(definition.Type)!;
            bool mayBeAbsent = !type.IsNonNull || definition.DefaultValue is not null;
            if (!Chance(mayBeAbsent ? 0.3 : 0.02))
                variables[definition.Variable.Name] = Value(type, 0);
        }
        if (Chance(0.05))
            variables["unknown"] = 1;
        return variables;
    }

    private bool Chance(double rate) => random.NextDouble() < rate;

    private JsonNode? Pick(params Func<JsonNode?>[] makers) => makers[random.Next(makers.Length)]();

    private JsonNode? Value(GraphQLType type, int depth)
    {
        if (Chance(type.IsNonNull ? 0.01 : 0.1))
            return null;
        if (Chance(0.015))
            return Pick(() => "NOWHERE", () => 2147483648, () => 1.5, () => true, () => new JsonObject { ["a"] = 1 }, () => new JsonArray(1, "two"));
        return type.Nullable switch
        {
            ListType list => Chance(0.15) && list.Of.Nullable is not ListType
                ? Value(list.Of.IsNonNull ? list.Of : new NonNullType(list.Of), depth + 1)
                : new JsonArray([.. Enumerable.Range(0, depth > DepthMax ? 0 : random.Next(4)).Select(_ => Value(list.Of, depth + 1))]),
            EnumType values => values.Values[random.Next(values.Values.Count)].Name,
            InputObjectType input => Object(input, depth),
            var scalar => Scalar(scalar.Named.Name, depth),
        };
    }

    private JsonObject Object(InputObjectType type, int depth)
    {
        var value = new JsonObject();
        if (type.IsOneOf)
        {
            int count = Chance(0.05) ? random.Next(3) : 1;
            foreach (InputValueDefinition field in random.GetItems([.. type.Fields], count))
                value[field.Name] = Value(new NonNullType(field.Type), depth + 1);
            return value;
        }
        foreach (InputValueDefinition field in type.Fields)
        {
            if (field.IsRequired ? !Chance(0.01) : depth < DepthMax && Chance(0.3))
                value[field.Name] = Value(field.Type, depth + 1);
        }
        if (Chance(0.01))
            value["nowhere"] = 1;
        return value;
    }

    private JsonNode? Scalar(string name, int depth) => name switch
    {
        "Int" => Pick(() => 0, () => 42, () => -2147483648, () => 7.0),
        "Float" => Pick(() => 0, () => -1.5, () => 6.02e23),
        "Boolean" => Chance(0.5),
        "ID" => Pick(() => "abc", () => 12, () => -7, () => ""),
        "String" => Pick(() => "", () => "plain", () => "é😀 \" \\"),
        _ => Pick(
            () => 1, () => "text", () => depth > DepthMax ? 1.25 : new JsonArray(Scalar(name, depth + 1), null),
            () => new JsonObject { ["a"] = new JsonObject() }),
    };
}
