using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Operation-Name-Uniqueness"/></summary>
internal sealed class OperationNameUniqueness(RuleContext context) : ValidationRule(context)
{
    private readonly Dictionary<string, OperationDefinitionNode> firsts = new(StringComparer.Ordinal);

    public override string Section => "sec-Operation-Name-Uniqueness";

    public override void Operation(OperationDefinitionNode operation)
    {
        if (operation.Name is not { } name || firsts.TryAdd(name, operation))
            return;
        Report($"There can be only one operation named \"{name}\".", firsts[name], operation);
    }
}
