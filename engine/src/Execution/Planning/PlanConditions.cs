using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The outcome of an operation's conditions: whether a selection is included, and whether it is delivered with the rest or later.</summary>
/// <param name="values">Of the variables in conditions.</param>
/// <param name="isIncremental">Whether <c>@defer</c> and <c>@stream</c> take effect.</param>
internal sealed class PlanConditions(IReadOnlyDictionary<string, bool> values, bool isIncremental)
{
    public bool IsIncluded(IReadOnlyList<DirectiveNode> directives)
    {
        bool isIncluded = true;
        foreach (DirectiveNode directive in directives)
        {
            if (directive.Name is "skip" or "include" && directive.Arguments is [{ Value: var condition }])
                isIncluded &= IsTrue(condition) == (directive.Name == "include");
        }
        return isIncluded;
    }

    public DirectiveNode? DeferOf(IReadOnlyList<DirectiveNode> directives) => IncrementalOf(directives, IncrementalDirectives.Defer);

    public DirectiveNode? StreamOf(IReadOnlyList<DirectiveNode> directives) => IncrementalOf(directives, IncrementalDirectives.Stream);

    private DirectiveNode? IncrementalOf(IReadOnlyList<DirectiveNode> directives, string name) =>
        isIncremental && IncrementalArguments.Find(directives, name) is { } directive && IncrementalArguments.Condition(directive) is var condition
        && (condition is null || IsTrue(condition))
            ? directive
            : null;

    private bool IsTrue(ValueNode condition) => condition is VariableNode variable ? values[variable.Name] : condition is BooleanValueNode { Value: true };
}
