namespace Mycelium.GraphQL.Engine.Language;

/// <summary><see href="https://spec.graphql.org/September2025/#Type"/></summary>
internal abstract class TypeNode(SourceSpan span) : SyntaxNode(span);

internal sealed class NamedTypeNode(SourceSpan span, string name) : TypeNode(span)
{
    public string Name { get; } = name;
}

internal sealed class ListTypeNode(SourceSpan span, TypeNode type) : TypeNode(span)
{
    public TypeNode Type { get; } = type;
}

/// <summary>Wraps a named or a list type, never another non-null.</summary>
internal sealed class NonNullTypeNode(SourceSpan span, TypeNode type) : TypeNode(span)
{
    public TypeNode Type { get; } = type;
}
