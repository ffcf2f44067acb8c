using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Directives-Are-Unique-per-Location"/></summary>
internal sealed class DirectivesAreUniquePerLocation(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Directives-Are-Unique-per-Location";

    public override void Directives(IReadOnlyList<DirectiveNode> directives, string location)
    {
        if (directives.Count < 2)
            return;
        var firsts = new Dictionary<string, DirectiveNode>(StringComparer.Ordinal);
        foreach (DirectiveNode directive in directives)
        {
            if (Context.Schema.FindDirective(directive.Name) is { IsRepeatable: false } && !firsts.TryAdd(directive.Name, directive))
                Report($"Directive \"@{directive.Name}\" can be used only once per location.", firsts[directive.Name], directive);
        }
    }
}
