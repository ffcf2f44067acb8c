namespace Mycelium.GraphQL.Engine.Language;

/// <summary><see href="https://spec.graphql.org/September2025/#Type"/></summary>
public abstract class TypeNode(SourceSpan span) : SyntaxNode(span);

public sealed class NamedTypeNode(SourceSpan span, string name) : TypeNode(span)
{
    public string Name { get; } = name;
}

public sealed class ListTypeNode(SourceSpan span, TypeNode type) : TypeNode(span)
{
    public TypeNode Type { get; } = type;
}

/// <summary>Wraps a named or a list type, never another non-null.</summary>
public sealed class NonNullTypeNode(SourceSpan span, TypeNode type) : TypeNode(span)
{
    public TypeNode Type { get; } = type;
}
