using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Directives-Are-Defined"/></summary>
internal sealed class DirectivesAreDefined(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Directives-Are-Defined";

    public override void Directives(IReadOnlyList<DirectiveNode> directives, string location)
    {
        foreach (DirectiveNode directive in directives)
        {
            if (Context.Schema.FindDirective(directive.Name) is null)
                Report(
                    $"Unknown directive \"@{directive.Name}\".{Context.Suggest(directive.Name, () => Context.Schema.Directives.Select(known => known.Name))}",
                    directive);
        }
    }
}
