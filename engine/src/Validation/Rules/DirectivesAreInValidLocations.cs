using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Directives-Are-in-Valid-Locations"/></summary>
internal sealed class DirectivesAreInValidLocations(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Directives-Are-in-Valid-Locations";

    public override void Directives(IReadOnlyList<DirectiveNode> directives, string location)
    {
        foreach (DirectiveNode directive in directives)
        {
            if (Context.Schema.FindDirective(directive.Name) is { } definition && !definition.Locations.Contains(location))
                Report($"Directive \"@{directive.Name}\" may not be used on {location}.", directive);
        }
    }
}
