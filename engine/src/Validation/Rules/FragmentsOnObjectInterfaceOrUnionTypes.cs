using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Fragments-on-Object-Interface-or-Union-Types"/></summary>
internal sealed class FragmentsOnObjectInterfaceOrUnionTypes(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Fragments-on-Object-Interface-or-Union-Types";

    public override void Fragment(FragmentDefinitionNode fragment) => Check(fragment.TypeCondition);

    public override void InlineFragment(InlineFragmentNode inline)
    {
        if (inline.TypeCondition is not null)
            Check(inline.TypeCondition);
    }

    private void Check(NamedTypeNode condition)
    {
        if (Context.Schema.FindType(condition.Name) is not null && Context.FindComposite(condition) is null)
            Report($"A fragment cannot be on \"{condition.Name}\": it is neither an object, an interface nor a union.", condition);
    }
}
