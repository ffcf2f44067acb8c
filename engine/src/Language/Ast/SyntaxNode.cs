using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Where a node stands in its source: offsets in UTF-16 units, line and column from 1, as the specification's error locations count them.</summary>
public readonly record struct SourceSpan(int Start, int End, int Line, int Column)
{
    public SourceLocation Location => new(Line, Column);
}

/// <summary>A node of a parsed document. Nodes never change after parsing and may be shared between requests.</summary>
public abstract class SyntaxNode(SourceSpan span)
{
    public SourceSpan Span { get; } = span;

    /// <summary>The node in the printer's format.</summary>
    public override string ToString() => Printer.Print(this);
}
