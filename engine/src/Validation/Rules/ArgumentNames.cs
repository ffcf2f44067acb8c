using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Argument-Names"/></summary>
internal sealed class ArgumentNames(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Argument-Names";

    public override void Arguments(ArgumentSite site)
    {
        if (site.Definitions is not { } definitions)
            return;
        foreach (ArgumentNode argument in site.Given)
        {
            if (definitions.Find(argument.Name) is null)
                Report(
                    $"Unknown argument \"{argument.Name}\" on \"{site.Coordinate}\"."
                        + Context.Suggest(argument.Name, () => definitions.Select(known => known.Name)),
                    argument);
        }
    }
}
