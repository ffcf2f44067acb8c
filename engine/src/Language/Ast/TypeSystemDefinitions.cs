namespace Mycelium.GraphQL.Engine.Language;

/// <summary>A definition of the type system, or with <see cref="IsExtension"/> an extension of one (<c>extend type …</c>).</summary>
internal abstract class TypeSystemDefinitionNode(SourceSpan span, string? description, bool isExtension, IReadOnlyList<DirectiveNode> directives)
    : DefinitionNode(span)
{
    public string? Description { get; } = description;
    public bool IsExtension { get; } = isExtension;
    public IReadOnlyList<DirectiveNode> Directives { get; } = directives;
}

internal sealed class SchemaDefinitionNode(
    SourceSpan span, string? description, bool isExtension, IReadOnlyList<DirectiveNode> directives, IReadOnlyList<OperationTypeDefinitionNode> operationTypes)
    : TypeSystemDefinitionNode(span, description, isExtension, directives)
{
    public IReadOnlyList<OperationTypeDefinitionNode> OperationTypes { get; } = operationTypes;
}

internal sealed class OperationTypeDefinitionNode(SourceSpan span, OperationType operation, NamedTypeNode type) : SyntaxNode(span)
{
    public OperationType Operation { get; } = operation;
    public NamedTypeNode Type { get; } = type;
}

internal abstract class TypeDefinitionNode(SourceSpan span, string? description, bool isExtension, string name, IReadOnlyList<DirectiveNode> directives)
    : TypeSystemDefinitionNode(span, description, isExtension, directives)
{
    public string Name { get; } = name;
}

internal sealed class ScalarTypeDefinitionNode(SourceSpan span, string? description, bool isExtension, string name, IReadOnlyList<DirectiveNode> directives)
    : TypeDefinitionNode(span, description, isExtension, name, directives);

internal sealed class ObjectTypeDefinitionNode(
    SourceSpan span, string? description, bool isExtension, string name, IReadOnlyList<NamedTypeNode> interfaces,
    IReadOnlyList<DirectiveNode> directives, IReadOnlyList<FieldDefinitionNode> fields)
    : TypeDefinitionNode(span, description, isExtension, name, directives)
{
    public IReadOnlyList<NamedTypeNode> Interfaces { get; } = interfaces;
    public IReadOnlyList<FieldDefinitionNode> Fields { get; } = fields;
}

internal sealed class InterfaceTypeDefinitionNode(
    SourceSpan span, string? description, bool isExtension, string name, IReadOnlyList<NamedTypeNode> interfaces,
    IReadOnlyList<DirectiveNode> directives, IReadOnlyList<FieldDefinitionNode> fields)
    : TypeDefinitionNode(span, description, isExtension, name, directives)
{
    public IReadOnlyList<NamedTypeNode> Interfaces { get; } = interfaces;
    public IReadOnlyList<FieldDefinitionNode> Fields { get; } = fields;
}

internal sealed class UnionTypeDefinitionNode(
    SourceSpan span, string? description, bool isExtension, string name, IReadOnlyList<DirectiveNode> directives, IReadOnlyList<NamedTypeNode> types)
    : TypeDefinitionNode(span, description, isExtension, name, directives)
{
    public IReadOnlyList<NamedTypeNode> Types { get; } = types;
}

internal sealed class EnumTypeDefinitionNode(
    SourceSpan span, string? description, bool isExtension, string name, IReadOnlyList<DirectiveNode> directives, IReadOnlyList<EnumValueDefinitionNode> values)
    : TypeDefinitionNode(span, description, isExtension, name, directives)
{
    public IReadOnlyList<EnumValueDefinitionNode> Values { get; } = values;
}

internal sealed class InputObjectTypeDefinitionNode(
    SourceSpan span, string? description, bool isExtension, string name, IReadOnlyList<DirectiveNode> directives,
    IReadOnlyList<InputValueDefinitionNode> fields)
    : TypeDefinitionNode(span, description, isExtension, name, directives)
{
    public IReadOnlyList<InputValueDefinitionNode> Fields { get; } = fields;
}

internal sealed class FieldDefinitionNode(
    SourceSpan span, string? description, string name, IReadOnlyList<InputValueDefinitionNode> arguments, TypeNode type,
    IReadOnlyList<DirectiveNode> directives)
    : SyntaxNode(span)
{
    public string? Description { get; } = description;
    public string Name { get; } = name;
    public IReadOnlyList<InputValueDefinitionNode> Arguments { get; } = arguments;
    public TypeNode Type { get; } = type;
    public IReadOnlyList<DirectiveNode> Directives { get; } = directives;
}

internal sealed class InputValueDefinitionNode(
    SourceSpan span, string? description, string name, TypeNode type, ValueNode? defaultValue, IReadOnlyList<DirectiveNode> directives)
    : SyntaxNode(span)
{
    public string? Description { get; } = description;
    public string Name { get; } = name;
    public TypeNode Type { get; } = type;
    public ValueNode? DefaultValue { get; } = defaultValue;
    public IReadOnlyList<DirectiveNode> Directives { get; } = directives;
}

internal sealed class EnumValueDefinitionNode(SourceSpan span, string? description, string name, IReadOnlyList<DirectiveNode> directives) : SyntaxNode(span)
{
    public string? Description { get; } = description;
    public string Name { get; } = name;
    public IReadOnlyList<DirectiveNode> Directives { get; } = directives;
}

internal sealed class DirectiveDefinitionNode(
    SourceSpan span, string? description, string name, IReadOnlyList<InputValueDefinitionNode> arguments, bool isRepeatable, IReadOnlyList<string> locations)
    : TypeSystemDefinitionNode(span, description, isExtension: false, directives: [])
{
    public string Name { get; } = name;
    public IReadOnlyList<InputValueDefinitionNode> Arguments { get; } = arguments;
    public bool IsRepeatable { get; } = isRepeatable;
    public IReadOnlyList<string> Locations { get; } = locations;
}
