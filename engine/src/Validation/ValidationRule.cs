using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>
/// One rule of the specification. <see cref="ValidationTraversal"/> visits the document once and calls every rule; what is being visited, and its
/// types, are in the context. An instance is used for one document.
/// </summary>
internal abstract class ValidationRule(RuleContext context)
{
    private const int LocationsMax = 20;

    /// <summary>The anchor of the rule's heading in the specification, or the URL of a rule that is only proposed.</summary>
    public abstract string Section { get; }

    protected RuleContext Context { get; } = context;

    public virtual void Operation(OperationDefinitionNode operation)
    {
    }

    public virtual void Fragment(FragmentDefinitionNode fragment)
    {
    }

    public virtual void Variable(VariableDefinitionNode definition)
    {
    }

    /// <summary>A field; <see cref="RuleContext.ParentType"/> and <see cref="RuleContext.Field"/> say where it is.</summary>
    public virtual void Field(FieldNode field)
    {
    }

    public virtual void Spread(FragmentSpreadNode spread)
    {
    }

    public virtual void InlineFragment(InlineFragmentNode inline)
    {
    }

    /// <summary>All directives of one location.</summary>
    public virtual void Directives(IReadOnlyList<DirectiveNode> directives, string location)
    {
    }

    /// <summary>The arguments of a field or a directive; it may have none.</summary>
    public virtual void Arguments(ArgumentSite site)
    {
    }

    /// <summary>A whole value: of an argument or a variable's default. The type is null if unknown.</summary>
    public virtual void Value(ValueNode value, GraphQLType? type)
    {
    }

    /// <summary>After everything has been visited: for rules about the document as a whole.</summary>
    public virtual void Complete()
    {
    }

    protected void Report(string message, params IEnumerable<SyntaxNode> nodes) =>
        Context.Report(message, Section, [.. nodes.Take(LocationsMax).Select(node => node.Span.Location)]);
}

/// <summary>A place where arguments are given.</summary>
/// <param name="Owner">The field or directive.</param>
/// <param name="Coordinate">The owner's name for messages: <c>Type.field</c> or <c>@directive</c>.</param>
/// <param name="Given">The arguments in the document.</param>
/// <param name="Definitions">The arguments in the schema; null when it does not know the owner.</param>
internal readonly record struct ArgumentSite(
    SyntaxNode Owner, string Coordinate, IReadOnlyList<ArgumentNode> Given, FieldCollection<InputValueDefinition>? Definitions);
