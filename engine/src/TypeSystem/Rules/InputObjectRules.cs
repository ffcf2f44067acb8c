namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Input-Objects.Type-Validation"/></summary>
internal static class InputObjectRules
{
    public static IEnumerable<string> Check(InputObjectType input)
    {
        if (input.Fields.Count == 0)
            yield return $"{input.Name}: it has no fields.";
        foreach (string name in NameRules.Repeated(input.Fields.Select(field => field.Name)))
            yield return $"{input.Name}.{name}: there is more than one field with this name.";
        foreach (string problem in input.Fields.SelectMany(field => InputValueRules.Check(field, $"{input.Name}.{field.Name}")))
            yield return problem;
        foreach (string problem in input.IsOneOf ? input.Fields.SelectMany(field => CheckOneOf(input, field)) : [])
            yield return problem;
        if (RequiresItself(input) is { } through)
            yield return $"{input.Name}.{through}: no value of {input.Name} is possible, since each needs another.";
        if (DefaultCycles.IsCyclic(input))
            yield return $"{input.Name}: the defaults of its fields refer to each other endlessly.";
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects"/></summary>
    private static IEnumerable<string> CheckOneOf(InputObjectType input, InputValueDefinition field)
    {
        if (field.Type.IsNonNull)
            yield return $"{input.Name}.{field.Name}: the fields of a oneOf input must be nullable.";
        if (field.DefaultValue is not null)
            yield return $"{input.Name}.{field.Name}: the fields of a oneOf input must not have defaults.";
    }

    /// <summary>The field through which an input object requires another of its own type, if any. Lists break the cycle: they may be empty.</summary>
    private static string? RequiresItself(InputObjectType input)
    {
        foreach (InputValueDefinition field in Required(input))
        {
            var visited = new HashSet<InputObjectType>();
            var waiting = new Stack<InputObjectType>([(InputObjectType)field.Type.Nullable]);
            while (waiting.TryPop(out InputObjectType? next))
            {
                if (next == input)
                    return field.Name;
                if (!visited.Add(next))
                    continue;
                foreach (InputValueDefinition further in Required(next))
                    waiting.Push((InputObjectType)further.Type.Nullable);
            }
        }
        return null;
    }

    private static IEnumerable<InputValueDefinition> Required(InputObjectType input) =>
        input.Fields.Where(field => field.Type is NonNullType { Of: InputObjectType });
}
