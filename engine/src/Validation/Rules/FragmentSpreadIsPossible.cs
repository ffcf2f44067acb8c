using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Fragment-Spread-Is-Possible"/></summary>
internal sealed class FragmentSpreadIsPossible(RuleContext context) : ValidationRule(context)
{
    private readonly Dictionary<(NamedType, NamedType), bool> known = [];

    public override string Section => "sec-Fragment-Spread-Is-Possible";

    public override void Spread(FragmentSpreadNode spread)
    {
        if (Context.Fragments.TryGetValue(spread.Name, out FragmentDefinitionNode? fragment))
            Check(Context.FindComposite(fragment.TypeCondition), $"Fragment \"{spread.Name}\"", spread);
    }

    public override void InlineFragment(InlineFragmentNode inline)
    {
        if (inline.TypeCondition is not null)
            Check(Context.FindComposite(inline.TypeCondition), "A fragment", inline);
    }

    private void Check(NamedType? condition, string subject, SyntaxNode node)
    {
        if (condition is null || Context.ParentType is not { } parent || condition == parent)
            return;
        if (!known.TryGetValue((parent, condition), out bool overlaps))
            known[(parent, condition)] = overlaps = Context.Schema.PossibleTypes(parent).Intersect(Context.Schema.PossibleTypes(condition)).Any();
        if (!overlaps)
            Report($"{subject} on \"{condition}\" is not possible here: an object of type \"{parent}\" can never be one of type \"{condition}\".", node);
    }
}
