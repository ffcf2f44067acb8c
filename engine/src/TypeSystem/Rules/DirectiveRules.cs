using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.TypeSystem;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Type-System.Directives.Type-Validation"/></summary>
internal static class DirectiveRules
{
    public static IEnumerable<string> Check(DirectiveDefinition directive, Schema schema)
    {
        string coordinate = $"@{directive.Name}";
        if (directive.Locations.Count == 0)
            yield return $"{coordinate}: it has no locations.";
        foreach (string problem in NameRules.Check(directive.Name, coordinate).Concat(InputValueRules.CheckArguments(directive.Arguments, coordinate)))
            yield return problem;
        if (RefersToItself(directive, schema))
            yield return $"{coordinate}: its arguments use the directive itself.";
    }

    private static bool RefersToItself(DirectiveDefinition directive, Schema schema)
    {
        var visited = new HashSet<object>();
        var waiting = new Stack<InputValueDefinition>(directive.Arguments);
        while (waiting.TryPop(out InputValueDefinition? value))
        {
            foreach (DirectiveNode applied in value.Directives.Concat(visited.Add(value.Type.Named) ? Inside(value.Type.Named, waiting) : []))
            {
                if (applied.Name == directive.Name)
                    return true;
                if (schema.FindDirective(applied.Name) is { } other && visited.Add(other))
                    PushAll(waiting, other.Arguments);
            }
        }
        return false;
    }

    /// <summary>The directives on a type and its values; those on its fields are checked later.</summary>
    private static IEnumerable<DirectiveNode> Inside(NamedType type, Stack<InputValueDefinition> waiting)
    {
        if (type is InputObjectType input)
            PushAll(waiting, input.Fields);
        return type is EnumType @enum ? type.Directives.Concat(@enum.Values.SelectMany(value => value.Directives)) : type.Directives;
    }

    private static void PushAll(Stack<InputValueDefinition> waiting, IEnumerable<InputValueDefinition> values)
    {
        foreach (InputValueDefinition value in values)
            waiting.Push(value);
    }
}
