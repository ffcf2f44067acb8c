using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary>A label tells a client what it receives: it is a literal, and unique.</summary>
internal sealed class DeferAndStreamDirectiveLabelsAreUnique(RuleContext context) : IncrementalDeliveryRule(context)
{
    private readonly Dictionary<string, DirectiveNode> firsts = new(StringComparer.Ordinal);

    protected override string Heading => "sec-Defer-And-Stream-Directive-Labels-Are-Unique";

    public override void Directives(IReadOnlyList<DirectiveNode> directives, string location)
    {
        foreach (DirectiveNode directive in directives.Where(IsIncremental))
        {
            ValueNode? label = Argument(directive, IncrementalDirectives.Label);
            if (label is StringValueNode text)
            {
                if (!firsts.TryAdd(text.Value, directive))
                    Report($"The label \"{text.Value}\" is used more than once.", firsts[text.Value], directive);
            }
            else if (label is not (null or NullValueNode))
            {
                Report($"The label of \"@{directive.Name}\" must be a string literal, not a variable.", directive);
            }
        }
    }
}
