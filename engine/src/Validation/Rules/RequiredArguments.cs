using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Required-Arguments"/></summary>
internal sealed class RequiredArguments(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Required-Arguments";

    public override void Arguments(ArgumentSite site)
    {
        if (site.Definitions is not { Count: > 0 } definitions)
            return;
        HashSet<string>? given = null;
        foreach (InputValueDefinition definition in definitions)
        {
            if (!definition.IsRequired)
                continue;
            given ??= [.. site.Given.Select(argument => argument.Name)];
            if (!given.Contains(definition.Name))
                Report($"\"{site.Coordinate}\" requires the argument \"{definition.Name}\" of type \"{definition.Type}\".", site.Owner);
        }
    }
}
