using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-All-Variable-Usages-Are-Allowed"/></summary>
internal sealed class AllVariableUsagesAreAllowed(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-All-Variable-Usages-Are-Allowed";

    public override void Complete()
    {
        foreach (OperationDefinitionNode operation in Context.Document.Definitions.OfType<OperationDefinitionNode>())
        {
            if (operation.VariableDefinitions.Count == 0)
                continue;
            var definitions = new Dictionary<string, (VariableDefinitionNode Node, GraphQLType? Type)>(StringComparer.Ordinal);
            foreach (VariableDefinitionNode definition in operation.VariableDefinitions)
                definitions[definition.Variable.Name] = (definition, Context.Schema.FindType(definition.Type));
            foreach (VariableUsage usage in Context.Usages.Reachable(operation).SelectMany(usages => usages.Variables))
            {
                if (definitions.TryGetValue(usage.Variable.Name, out var definition) && definition.Type is { } type)
                    Check(usage, definition.Node, type);
            }
        }
    }

    private void Check(in VariableUsage usage, VariableDefinitionNode definition, GraphQLType type)
    {
        if (usage.Type is { } place && !IsAllowed(usage, place, definition, type))
            Report($"Variable \"${usage.Variable.Name}\" of type \"{type}\" cannot be used where \"{place}\" is expected.", definition, usage.Variable);
        else if (usage.OneOf is not null && !type.IsNonNull)
            Report(
                $"Variable \"${usage.Variable.Name}\" must be non-null: \"{usage.OneOf}\" needs exactly one field that is not null.", definition,
                usage.Variable);
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#IsVariableUsageAllowed()"/></summary>
    private static bool IsAllowed(in VariableUsage usage, GraphQLType place, VariableDefinitionNode definition, GraphQLType type)
    {
        if (!place.IsNonNull || type.IsNonNull)
            return AreCompatible(type, place);
        bool hasDefault = usage.HasDefault || definition.DefaultValue is not (null or NullValueNode);
        return hasDefault && AreCompatible(type, place.Nullable);
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#AreTypesCompatible()"/></summary>
    private static bool AreCompatible(GraphQLType type, GraphQLType place)
    {
        if (place.IsNonNull && !type.IsNonNull)
            return false;
        return (type.Nullable, place.Nullable) switch
        {
            (ListType items, ListType expected) => AreCompatible(items.Of, expected.Of),
            (NamedType named, NamedType expected) => named == expected,
            _ => false,
        };
    }
}
