using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-All-Variables-Used"/></summary>
internal sealed class AllVariablesUsed(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-All-Variables-Used";

    public override void Complete()
    {
        foreach (OperationDefinitionNode operation in Context.Document.Definitions.OfType<OperationDefinitionNode>())
        {
            if (operation.VariableDefinitions.Count == 0)
                continue;
            HashSet<string> used = [.. Context.Usages.Reachable(operation).SelectMany(usages => usages.Variables).Select(usage => usage.Variable.Name)];
            foreach (VariableDefinitionNode definition in operation.VariableDefinitions)
            {
                if (!used.Contains(definition.Variable.Name))
                    Report($"Variable \"${definition.Variable.Name}\" is never used{In(operation)}.", definition);
            }
        }
    }

    private static string In(OperationDefinitionNode operation) => operation.Name is null ? "" : $" in operation \"{operation.Name}\"";
}
