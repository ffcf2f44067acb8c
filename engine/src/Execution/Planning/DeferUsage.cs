using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>One <c>@defer</c> where it applies to an object of the plan. It delivers after its parent does.</summary>
internal sealed class DeferUsage(DirectiveNode directive, DeferUsage? parent)
{
    /// <summary>Its location in the document.</summary>
    public DirectiveNode Directive => directive;

    /// <summary>The enclosing one, which may apply to an object further up.</summary>
    public DeferUsage? Parent => parent;

    public string? Label { get; } = IncrementalArguments.Label(directive);
}

/// <summary>What an object delivers later.</summary>
/// <param name="Usages">The usages that start at this object; their fields may also be further down.</param>
/// <param name="Groups">Fields of this object, each in one group.</param>
internal sealed record DeferredFields(DeferUsage[] Usages, DeferredGroup[] Groups);

/// <summary>Fields that are delivered together, as soon as the first of the usages that select them is delivered.</summary>
internal sealed record DeferredGroup(DeferUsage[] Usages, SelectionSetPlan Set);

/// <summary><c>@stream</c> at a list field.</summary>
/// <param name="Items">The field as its later items show it: they are not part of a deferred fragment around the list.</param>
internal sealed record StreamUsage(DirectiveNode Directive, FieldPlan Items)
{
    public string? Label { get; } = IncrementalArguments.Label(Directive);
}
