using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Lone-Anonymous-Operation"/></summary>
internal sealed class LoneAnonymousOperation(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Lone-Anonymous-Operation";

    public override void Complete()
    {
        OperationDefinitionNode[] operations = [.. Context.Document.Definitions.OfType<OperationDefinitionNode>()];
        foreach (OperationDefinitionNode operation in operations)
        {
            if (operation.Name is null && operations.Length > 1)
                Report("An anonymous operation must be the only one in its document: give each a name.", operation);
        }
    }
}
