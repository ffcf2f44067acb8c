namespace Mycelium.GraphQL.Engine.Language;

/// <summary><see href="https://spec.graphql.org/September2025/#Value"/></summary>
public abstract class ValueNode(SourceSpan span) : SyntaxNode(span);

public sealed class VariableNode(SourceSpan span, string name) : ValueNode(span)
{
    public string Name { get; } = name;
}

/// <summary>An integer literal as written: it may be larger than any integer type.</summary>
public sealed class IntValueNode(SourceSpan span, string value) : ValueNode(span)
{
    public string Value { get; } = value;
}

/// <summary>A float literal as written, so that no digit is lost before a scalar interprets it.</summary>
public sealed class FloatValueNode(SourceSpan span, string value) : ValueNode(span)
{
    public string Value { get; } = value;
}

public sealed class StringValueNode(SourceSpan span, string value, bool isBlock = false) : ValueNode(span)
{
    public string Value { get; } = value;
    public bool IsBlock { get; } = isBlock;
}

public sealed class BooleanValueNode(SourceSpan span, bool value) : ValueNode(span)
{
    public bool Value { get; } = value;
}

public sealed class NullValueNode(SourceSpan span) : ValueNode(span);

public sealed class EnumValueNode(SourceSpan span, string value) : ValueNode(span)
{
    public string Value { get; } = value;
}

public sealed class ListValueNode(SourceSpan span, IReadOnlyList<ValueNode> items) : ValueNode(span)
{
    public IReadOnlyList<ValueNode> Items { get; } = items;
}

public sealed class ObjectValueNode(SourceSpan span, IReadOnlyList<ObjectFieldNode> fields) : ValueNode(span)
{
    public IReadOnlyList<ObjectFieldNode> Fields { get; } = fields;
}

public sealed class ObjectFieldNode(SourceSpan span, string name, ValueNode value) : SyntaxNode(span)
{
    public string Name { get; } = name;
    public ValueNode Value { get; } = value;
}
