using System.Collections.Frozen;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary>Rules for arguments as well as input fields: they have input types, are optional when deprecated, and have valid defaults.</summary>
internal static class InputValueRules
{
    public static IEnumerable<string> CheckArguments(FieldCollection<InputValueDefinition> arguments, string owner)
    {
        foreach (string name in NameRules.Repeated(arguments.Select(argument => argument.Name)))
            yield return $"{owner}({name}:): there is more than one argument with this name.";
        foreach (string problem in arguments.SelectMany(argument => Check(argument, $"{owner}({argument.Name}:)")))
            yield return problem;
    }

    public static IEnumerable<string> Check(InputValueDefinition value, string coordinate)
    {
        foreach (string problem in NameRules.Check(value.Name, coordinate))
            yield return problem;
        if (!value.Type.IsInputType)
            yield return $"{coordinate}: {value.Type} is an output type; an input type is needed.";
        else if (Refusal(value) is { } refusal)
            yield return $"{coordinate}: its default is invalid: {refusal}";
        if (value.IsRequired && value.DeprecationReason is not null)
            yield return $"{coordinate}: it is required, and so cannot be deprecated.";
    }

    /// <summary>Why the default cannot be coerced. Endless defaults are the subject of another rule: <see cref="InputObjectRules"/>.</summary>
    private static string? Refusal(InputValueDefinition value)
    {
        if (value.DefaultValue is not { } literal || DefaultCycles.IsCyclic(value))
            return null;
        try
        {
            new ValueCoercer(value.Name, FrozenDictionary<string, object?>.Empty).ForPlace(value, literal);
            return null;
        }
        catch (CoercionException refusal)
        {
            return refusal.Message;
        }
    }
}

/// <summary><see href="https://spec.graphql.org/September2025/#InputObjectDefaultValueHasCycle()"/></summary>
internal static class DefaultCycles
{
    /// <summary>Whether a value that leaves fields out, or the default of a value, needs defaults that need it in turn.</summary>
    public static bool IsCyclic(InputValueDefinition value) => value.Type.Named is InputObjectType input && HasCycle(input, value.DefaultValue, []);

    public static bool IsCyclic(InputObjectType input) => HasCycle(input, new ObjectValueNode(default, []), []);

    private static bool HasCycle(InputObjectType input, ValueNode? value, HashSet<InputValueDefinition> visited) => value switch
    {
        ListValueNode list => list.Items.Any(item => HasCycle(input, item, visited)),
        ObjectValueNode given => input.Fields.Any(field => FieldHasCycle(field, given, visited)),
        _ => false,
    };

    private static bool FieldHasCycle(InputValueDefinition field, ObjectValueNode given, HashSet<InputValueDefinition> visited)
    {
        if (field.Type.Named is not InputObjectType input)
            return false;
        if (given.Fields.FirstOrDefault(candidate => candidate.Name == field.Name) is { } own)
            return HasCycle(input, own.Value, visited);
        if (field.DefaultValue is null)
            return false;
        return visited.Contains(field) || HasCycle(input, field.DefaultValue, [.. visited, field]);
    }
}
