namespace Mycelium.GraphQL.Engine.Language;

/// <summary><see href="https://spec.graphql.org/September2025/#Document"/></summary>
internal sealed class DocumentNode(SourceSpan span, IReadOnlyList<DefinitionNode> definitions) : SyntaxNode(span)
{
    public IReadOnlyList<DefinitionNode> Definitions { get; } = definitions;
}

internal abstract class DefinitionNode(SourceSpan span) : SyntaxNode(span);

internal abstract class ExecutableDefinitionNode(SourceSpan span, string? description, IReadOnlyList<DirectiveNode> directives, SelectionSetNode selectionSet)
    : DefinitionNode(span)
{
    public string? Description { get; } = description;
    public IReadOnlyList<DirectiveNode> Directives { get; } = directives;
    public SelectionSetNode SelectionSet { get; } = selectionSet;
}

public enum OperationType { Query, Mutation, Subscription }

/// <summary><see href="https://spec.graphql.org/September2025/#OperationDefinition"/>; an anonymous operation has no name.</summary>
internal sealed class OperationDefinitionNode(
    SourceSpan span, string? description, OperationType operation, string? name,
    IReadOnlyList<VariableDefinitionNode> variableDefinitions, IReadOnlyList<DirectiveNode> directives, SelectionSetNode selectionSet)
    : ExecutableDefinitionNode(span, description, directives, selectionSet)
{
    public OperationType Operation { get; } = operation;
    public string? Name { get; } = name;
    public IReadOnlyList<VariableDefinitionNode> VariableDefinitions { get; } = variableDefinitions;
}

internal sealed class FragmentDefinitionNode(
    SourceSpan span, string? description, string name, NamedTypeNode typeCondition, IReadOnlyList<DirectiveNode> directives, SelectionSetNode selectionSet)
    : ExecutableDefinitionNode(span, description, directives, selectionSet)
{
    public string Name { get; } = name;
    public NamedTypeNode TypeCondition { get; } = typeCondition;
}

internal sealed class VariableDefinitionNode(
    SourceSpan span, string? description, VariableNode variable, TypeNode type, ValueNode? defaultValue, IReadOnlyList<DirectiveNode> directives)
    : SyntaxNode(span)
{
    public string? Description { get; } = description;
    public VariableNode Variable { get; } = variable;
    public TypeNode Type { get; } = type;
    public ValueNode? DefaultValue { get; } = defaultValue;
    public IReadOnlyList<DirectiveNode> Directives { get; } = directives;
}

internal sealed class SelectionSetNode(SourceSpan span, IReadOnlyList<SelectionNode> selections) : SyntaxNode(span)
{
    public IReadOnlyList<SelectionNode> Selections { get; } = selections;
}

internal abstract class SelectionNode(SourceSpan span, IReadOnlyList<DirectiveNode> directives) : SyntaxNode(span)
{
    public IReadOnlyList<DirectiveNode> Directives { get; } = directives;
}

internal sealed class FieldNode(
    SourceSpan span, string? alias, string name, IReadOnlyList<ArgumentNode> arguments, IReadOnlyList<DirectiveNode> directives, SelectionSetNode? selectionSet)
    : SelectionNode(span, directives)
{
    public string? Alias { get; } = alias;
    public string Name { get; } = name;
    public string ResponseName => Alias ?? Name;
    public IReadOnlyList<ArgumentNode> Arguments { get; } = arguments;
    public SelectionSetNode? SelectionSet { get; } = selectionSet;
}

internal sealed class FragmentSpreadNode(SourceSpan span, string name, IReadOnlyList<DirectiveNode> directives) : SelectionNode(span, directives)
{
    public string Name { get; } = name;
}

internal sealed class InlineFragmentNode(SourceSpan span, NamedTypeNode? typeCondition, IReadOnlyList<DirectiveNode> directives, SelectionSetNode selectionSet)
    : SelectionNode(span, directives)
{
    public NamedTypeNode? TypeCondition { get; } = typeCondition;
    public SelectionSetNode SelectionSet { get; } = selectionSet;
}

internal sealed class ArgumentNode(SourceSpan span, string name, ValueNode value) : SyntaxNode(span)
{
    public string Name { get; } = name;
    public ValueNode Value { get; } = value;
}

internal sealed class DirectiveNode(SourceSpan span, string name, IReadOnlyList<ArgumentNode> arguments) : SyntaxNode(span)
{
    public string Name { get; } = name;
    public IReadOnlyList<ArgumentNode> Arguments { get; } = arguments;
}
