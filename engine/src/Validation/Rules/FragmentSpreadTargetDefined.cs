using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Fragment-Spread-Target-Defined"/></summary>
internal sealed class FragmentSpreadTargetDefined(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Fragment-Spread-Target-Defined";

    public override void Spread(FragmentSpreadNode spread)
    {
        if (!Context.Fragments.ContainsKey(spread.Name))
            Report($"Unknown fragment \"{spread.Name}\".{Context.Suggest(spread.Name, () => Context.Fragments.Keys)}", spread);
    }
}
