using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Operation-Type-Existence"/></summary>
internal sealed class OperationTypeExistence(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Operation-Type-Existence";

    public override void Operation(OperationDefinitionNode operation)
    {
        if (Context.Schema.RootType(operation.Operation) is null)
            Report($"The schema has no {operation.Operation.ToString().ToLowerInvariant()} operations.", operation);
    }
}
