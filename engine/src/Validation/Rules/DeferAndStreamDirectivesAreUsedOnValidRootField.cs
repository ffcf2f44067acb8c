using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary>Root fields of mutations and subscriptions are neither deferred nor streamed: they run in order, or are the events themselves.</summary>
internal sealed class DeferAndStreamDirectivesAreUsedOnValidRootField(RuleContext context) : IncrementalDeliveryRule(context)
{
    protected override string Heading => "sec-Defer-And-Stream-Directives-Are-Used-On-Valid-Root-Field";

    public override void Complete()
    {
        foreach (OperationDefinitionNode operation in Context.Document.Definitions.OfType<OperationDefinitionNode>())
        {
            if (operation.Operation != OperationType.Query && Context.Schema.RootType(operation.Operation) is { } root)
                Walk(operation, selection => Check(selection, root));
        }
    }

    private bool Check(SelectionNode selection, ObjectType root)
    {
        string name = selection is FieldNode ? IncrementalDirectives.Stream : IncrementalDirectives.Defer;
        bool isKnown = selection is not FragmentSpreadNode spread || Context.Fragments.ContainsKey(spread.Name);
        if (isKnown && Find(selection.Directives, name) is { } directive)
            Report($"Directive \"@{name}\" may not be used on the fields of \"{root.Name}\".", directive);
        return selection is not FieldNode;
    }
}
