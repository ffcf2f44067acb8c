using System.Collections.Concurrent;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The cost of input values: the weights of the input fields that are given.</summary>
internal sealed class InputCost(CostWeights weights)
{
    private readonly ConcurrentDictionary<InputObjectType, bool> weighty = [];

    /// <summary>A literal. Variables in it are recorded, and cost nothing here.</summary>
    public double Of(ValueNode value, GraphQLType type, Action<VariableNode, GraphQLType> note)
    {
        if (!CanWeigh(type))
            return 0;
        switch (value)
        {
            case VariableNode variable:
                note(variable, type);
                return 0;
            case ListValueNode list:
                GraphQLType item = ItemOf(type);
                return list.Items.Sum(entry => Of(entry, item, note));
            case ObjectValueNode map when type.Named is InputObjectType input:
                return map.Fields.Sum(
                    field => input.Fields.Find(field.Name) is { } definition ? weights.Of(definition) + Of(field.Value, definition.Type, note) : 0);
            default:
                return 0;
        }
    }

    /// <summary>A value of a variable. The JSON reader bounds its depth.</summary>
    public double Of(JsonElement value, GraphQLType type)
    {
        if (!CanWeigh(type))
            return 0;
        double cost = 0;
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                GraphQLType item = ItemOf(type);
                foreach (JsonElement entry in value.EnumerateArray())
                    cost += Of(entry, item);
                break;
            case JsonValueKind.Object when type.Named is InputObjectType input:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    if (input.Fields.Find(property.Name) is { } definition)
                        cost += weights.Of(definition) + Of(property.Value, definition.Type);
                }
                break;
        }
        return cost;
    }

    /// <summary>Whether values of the type can cost anything: an input object with a field that has a weight.</summary>
    public bool CanWeigh(GraphQLType type) => type.Named is InputObjectType input && weighty.GetOrAdd(input, HasWeight);

    /// <summary>A field with an input object weighs 1 unless it says 0, so one level is enough except where somebody does.</summary>
    private bool HasWeight(InputObjectType input)
    {
        var visited = new HashSet<InputObjectType> { input };
        var waiting = new Stack<InputObjectType>(visited);
        while (waiting.TryPop(out InputObjectType? next))
        {
            foreach (InputValueDefinition field in next.Fields)
            {
                if (weights.Of(field) > 0)
                    return true;
                if (field.Type.Named is InputObjectType further && visited.Add(further))
                    waiting.Push(further);
            }
        }
        return false;
    }

    private static GraphQLType ItemOf(GraphQLType type) => type.Nullable is ListType list ? list.Of : type;
}

/// <summary>What a variable adds to the cost of an argument.</summary>
/// <param name="AtLeast">The minimum for a filter or sort order in a variable, beyond the argument's own weight.</param>
/// <param name="Default">The cost of the variable's default.</param>
internal sealed record VariableCost(InputCost Costs, string Name, GraphQLType Type, double AtLeast, double Default)
{
    public double Evaluate(in CostVariables variables) =>
        Math.Max(AtLeast, variables.Find(Name) is { } sent ? Costs.Of(sent, Type) : Default);
}
