using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Fragment-Spreads-Must-Not-Form-Cycles"/></summary>
internal sealed class FragmentSpreadsMustNotFormCycles(RuleContext context) : ValidationRule(context)
{
    private readonly HashSet<string> explored = new(StringComparer.Ordinal);
    private readonly List<Step> path = [];
    private readonly Dictionary<string, int> depths = new(StringComparer.Ordinal);

    public override string Section => "sec-Fragment-Spreads-Must-Not-Form-Cycles";

    public override void Complete()
    {
        foreach (FragmentDefinitionNode fragment in Context.Document.Definitions.OfType<FragmentDefinitionNode>())
            Explore(fragment);
    }

    /// <summary>Follows spreads depth first with a stack of its own: a chain of fragments can be longer than any call stack.</summary>
    private void Explore(FragmentDefinitionNode root)
    {
        if (!explored.Add(root.Name))
            return;
        path.Add(new Step(root.Name, Context.Usages.Of(root).Spreads));
        depths[root.Name] = 0;
        while (path.Count > 0)
        {
            Step step = path[^1];
            if (step.Next == step.Spreads.Count)
            {
                path.RemoveAt(path.Count - 1);
                depths.Remove(step.Fragment);
                continue;
            }

            FragmentSpreadNode spread = step.Spreads[step.Next++];
            if (depths.TryGetValue(spread.Name, out int start))
                ReportCycle(start);
            else if (Context.Fragments.TryGetValue(spread.Name, out FragmentDefinitionNode? fragment) && explored.Add(spread.Name))
            {
                depths.Add(spread.Name, path.Count);
                path.Add(new Step(spread.Name, Context.Usages.Of(fragment).Spreads));
            }
        }
    }

    private void ReportCycle(int start)
    {
        const int shownMax = 10;
        string[] between = [.. path.Skip(start + 1).Take(shownMax).Select(step => $"\"{step.Fragment}\"")];
        string via = between.Length == 0 ? "" : $" via {string.Join(", ", between)}{(path.Count - start - 1 > shownMax ? ", …" : "")}";
        Report($"Cannot spread fragment \"{path[start].Fragment}\" within itself{via}.", path.Skip(start).Select(step => step.Spreads[step.Next - 1]));
    }

    private sealed class Step(string fragment, IReadOnlyList<FragmentSpreadNode> spreads)
    {
        public string Fragment { get; } = fragment;
        public IReadOnlyList<FragmentSpreadNode> Spreads { get; } = spreads;
        public int Next { get; set; }
    }
}
