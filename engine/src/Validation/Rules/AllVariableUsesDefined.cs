using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-All-Variable-Uses-Defined"/></summary>
internal sealed class AllVariableUsesDefined(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-All-Variable-Uses-Defined";

    public override void Complete()
    {
        foreach (OperationDefinitionNode operation in Context.Document.Definitions.OfType<OperationDefinitionNode>())
        {
            HashSet<string> defined = [.. operation.VariableDefinitions.Select(definition => definition.Variable.Name)];
            foreach (DefinitionUsages usages in Context.Usages.Reachable(operation))
            {
                foreach (VariableUsage usage in usages.Variables)
                {
                    if (!defined.Contains(usage.Variable.Name))
                        Report($"Variable \"${usage.Variable.Name}\" is not defined{By(operation)}.", usage.Variable, operation);
                }
            }
        }
    }

    private static string By(OperationDefinitionNode operation) => operation.Name is null ? "" : $" by operation \"{operation.Name}\"";
}
