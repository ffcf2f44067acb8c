using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Argument-Uniqueness"/></summary>
internal sealed class ArgumentUniqueness(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Argument-Uniqueness";

    public override void Arguments(ArgumentSite site)
    {
        if (site.Given.Count < 2)
            return;
        var firsts = new Dictionary<string, ArgumentNode>(StringComparer.Ordinal);
        foreach (ArgumentNode argument in site.Given)
        {
            if (!firsts.TryAdd(argument.Name, argument))
                Report($"There can be only one argument named \"{argument.Name}\" on \"{site.Coordinate}\".", firsts[argument.Name], argument);
        }
    }
}
