using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Fragments-Must-Be-Used"/></summary>
internal sealed class FragmentsMustBeUsed(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Fragments-Must-Be-Used";

    public override void Complete()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<DefinitionUsages>(Context.Document.Definitions.OfType<OperationDefinitionNode>().Select(Context.Usages.Of));
        while (open.TryDequeue(out DefinitionUsages? usages))
        {
            foreach (FragmentSpreadNode spread in usages.Spreads)
            {
                if (used.Add(spread.Name) && Context.Fragments.TryGetValue(spread.Name, out FragmentDefinitionNode? fragment))
                    open.Enqueue(Context.Usages.Of(fragment));
            }
        }
        foreach (FragmentDefinitionNode fragment in Context.Document.Definitions.OfType<FragmentDefinitionNode>())
        {
            if (!used.Contains(fragment.Name))
                Report($"Fragment \"{fragment.Name}\" is never used.", fragment);
        }
    }
}
