using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Fragment-Spread-Type-Existence"/></summary>
internal sealed class FragmentSpreadTypeExistence(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Fragment-Spread-Type-Existence";

    public override void Fragment(FragmentDefinitionNode fragment) => Check(fragment.TypeCondition);

    public override void InlineFragment(InlineFragmentNode inline)
    {
        if (inline.TypeCondition is not null)
            Check(inline.TypeCondition);
    }

    private void Check(NamedTypeNode condition)
    {
        if (Context.Schema.FindType(condition.Name) is null)
            Report($"Unknown type \"{condition.Name}\".{Context.Suggest(condition.Name, () => Context.Schema.Types.Select(type => type.Name))}", condition);
    }
}
