using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary>Only lists have items to stream.</summary>
internal sealed class StreamDirectivesAreUsedOnListFields(RuleContext context) : IncrementalDeliveryRule(context)
{
    protected override string Heading => "sec-Stream-Directives-Are-Used-On-List-Fields";

    public override void Field(FieldNode field)
    {
        if (Context is { ParentType: { } parent, Field: { } definition }
            && definition.Type.Nullable is not ListType && StreamOf(field.Directives) is { } directive)
            Report($"\"@stream\" may not be used on \"{parent.Name}.{field.Name}\", which is not a list.", directive);
    }
}
