using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary>
/// A subscription's events are not delivered in parts: <c>@defer</c> and <c>@stream</c> need a condition there, so that a fragment can be shared with
/// queries.
/// </summary>
internal sealed class DeferAndStreamDirectivesAreUsedOnValidOperations(RuleContext context) : IncrementalDeliveryRule(context)
{
    protected override string Heading => "sec-Defer-And-Stream-Directives-Are-Used-On-Valid-Operations";

    public override void Complete()
    {
        foreach (OperationDefinitionNode operation in Context.Document.Definitions.OfType<OperationDefinitionNode>())
        {
            if (operation.Operation == OperationType.Subscription)
                Walk(operation, Check);
        }
    }

    private bool Check(SelectionNode selection)
    {
        if (MayBeLeftOut(selection.Directives))
            return false;
        foreach (DirectiveNode directive in selection.Directives.Where(IsIncremental))
        {
            if (Argument(directive, IncrementalDirectives.If) is not (VariableNode or BooleanValueNode { Value: false }))
                Report($"A subscription cannot use \"@{directive.Name}\"; set its \"if\" to false.", directive);
        }
        return true;
    }

    private static bool MayBeLeftOut(IReadOnlyList<DirectiveNode> directives) =>
        (Find(directives, "skip") is { } skip && Argument(skip, "if") is not BooleanValueNode { Value: false })
        || (Find(directives, "include") is { } include && Argument(include, "if") is not (null or BooleanValueNode { Value: true }));
}
