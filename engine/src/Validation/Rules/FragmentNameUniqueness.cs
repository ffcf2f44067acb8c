using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Fragment-Name-Uniqueness"/></summary>
internal sealed class FragmentNameUniqueness(RuleContext context) : ValidationRule(context)
{
    private readonly Dictionary<string, FragmentDefinitionNode> firsts = new(StringComparer.Ordinal);

    public override string Section => "sec-Fragment-Name-Uniqueness";

    public override void Fragment(FragmentDefinitionNode fragment)
    {
        if (!firsts.TryAdd(fragment.Name, fragment))
            Report($"There can be only one fragment named \"{fragment.Name}\".", firsts[fragment.Name], fragment);
    }
}
