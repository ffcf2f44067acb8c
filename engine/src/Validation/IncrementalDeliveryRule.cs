using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>
/// A rule about <c>@defer</c> and <c>@stream</c>, by the proposal to the specification; only applied when the schema has one of them.
/// </summary>
internal abstract class IncrementalDeliveryRule(RuleContext context) : ValidationRule(context)
{
    private const string Proposal = "https://github.com/graphql/graphql-spec/pull/1110#";

    public sealed override string Section => Proposal + Heading;

    /// <summary>The anchor of the rule's heading in the proposal.</summary>
    protected abstract string Heading { get; }

    public static bool MayBeUsed(Schema schema) =>
        schema.FindDirective(IncrementalDirectives.Defer) is not null || schema.FindDirective(IncrementalDirectives.Stream) is not null;

    public static bool IsIncremental(DirectiveNode directive) => directive.Name is IncrementalDirectives.Defer or IncrementalDirectives.Stream;

    public static DirectiveNode? StreamOf(IReadOnlyList<DirectiveNode> directives) => Find(directives, IncrementalDirectives.Stream);

    protected static DirectiveNode? Find(IReadOnlyList<DirectiveNode> directives, string name)
    {
        foreach (DirectiveNode directive in directives)
        {
            if (directive.Name == name)
                return directive;
        }
        return null;
    }

    protected static ValueNode? Argument(DirectiveNode directive, string name) => directive.Arguments.FirstOrDefault(argument => argument.Name == name)?.Value;

    /// <summary>The selection sets that operations start from; each fragment is visited once in an operation.</summary>
    /// <param name="visit">Called for each selection; returns whether the selections inside are visited too.</param>
    protected void Walk(OperationDefinitionNode operation, Func<SelectionNode, bool> visit)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<SelectionSetNode>([operation.SelectionSet]);
        while (open.TryPop(out SelectionSetNode? set))
        {
            foreach (SelectionNode selection in set.Selections)
            {
                if (selection is FragmentSpreadNode spread && !seen.Add(spread.Name))
                    continue;
                if (visit(selection) && SetOf(selection) is { } below)
                    open.Push(below);
            }
        }
    }

    private SelectionSetNode? SetOf(SelectionNode selection) => selection switch
    {
        FieldNode field => field.SelectionSet,
        InlineFragmentNode inline => inline.SelectionSet,
        FragmentSpreadNode spread => Context.Fragments.GetValueOrDefault(spread.Name)?.SelectionSet,
        _ => null,
    };
}
