using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Language;

internal enum TokenKind : byte
{
    EndOfFile, Bang, Dollar, Ampersand, ParenLeft, ParenRight, Spread, Colon, Equal, At, BracketLeft, BracketRight, BraceLeft, Pipe, BraceRight,
    Name, Int, Float, String, BlockString,
}

/// <summary>A lexical token as a range of the source; its text is only sliced when needed.</summary>
internal struct SyntaxToken
{
    public TokenKind Kind;

    /// <summary>Whether a string has at least one escape sequence, so that its value is not simply the text between the quotes.</summary>
    public bool HasEscapes;

    public int Start;
    public int End;
    public int Line;
    public int Column;

    public readonly SourceLocation Location => new(Line, Column);
}
