using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Variable-Uniqueness"/></summary>
internal sealed class VariableUniqueness(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Variable-Uniqueness";

    public override void Operation(OperationDefinitionNode operation)
    {
        var firsts = new Dictionary<string, VariableDefinitionNode>(StringComparer.Ordinal);
        foreach (VariableDefinitionNode definition in operation.VariableDefinitions)
        {
            if (!firsts.TryAdd(definition.Variable.Name, definition))
                Report($"There can be only one variable named \"${definition.Variable.Name}\".", firsts[definition.Variable.Name], definition);
        }
    }
}
