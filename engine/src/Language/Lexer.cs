using System.Buffers;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Splits a source into tokens. <see href="https://spec.graphql.org/September2025/#sec-Language.Source-Text"/></summary>
/// <remarks>Numbers and strings are in <c>Lexer.Numbers.cs</c> and <c>Lexer.Strings.cs</c>. Nothing is allocated except for an error.</remarks>
internal ref partial struct Lexer
{
    private static readonly SearchValues<char> LineTerminators = SearchValues.Create("\n\r");

    private static readonly SearchValues<char> StringStops = SearchValues.Create("\"\\\n\r");

    private readonly ReadOnlySpan<char> source;
    private int position;
    private int line = 1;
    private int lineStart;

    public Lexer(ReadOnlySpan<char> source) => this.source = source;

    /// <summary>Reads the next token; at the end it is <see cref="TokenKind.EndOfFile"/>, on every call.</summary>
    public void Read(out SyntaxToken token)
    {
        SkipIgnored();
        token = default;
        token.Start = position;
        token.Line = line;
        token.Column = position - lineStart + 1;
        if ((uint)position >= (uint)source.Length)
        {
            token.Kind = TokenKind.EndOfFile;
            token.End = position;
            return;
        }

        char first = source[position];
        if (IsNameStart(first))
            ReadName(ref token);
        else if (Punctuator(first) is var kind and not TokenKind.EndOfFile)
        {
            token.Kind = kind;
            position++;
        }
        else if (first == '"')
            ReadString(ref token);
        else if (char.IsAsciiDigit(first) || first == '-')
            ReadNumber(ref token);
        else if (first == '.')
            ReadSpread(ref token);
        else
            throw UnexpectedCharacter(position);
        token.End = position;
    }

    public static bool IsNameStart(char character) => char.IsAsciiLetter(character) || character == '_';

    private static bool IsNameContinue(char character) => char.IsAsciiLetterOrDigit(character) || character == '_';

    private static TokenKind Punctuator(char character) => character switch
    {
        '{' => TokenKind.BraceLeft,
        '}' => TokenKind.BraceRight,
        '(' => TokenKind.ParenLeft,
        ')' => TokenKind.ParenRight,
        ':' => TokenKind.Colon,
        '$' => TokenKind.Dollar,
        '!' => TokenKind.Bang,
        '@' => TokenKind.At,
        '[' => TokenKind.BracketLeft,
        ']' => TokenKind.BracketRight,
        '=' => TokenKind.Equal,
        '|' => TokenKind.Pipe,
        '&' => TokenKind.Ampersand,
        _ => TokenKind.EndOfFile,
    };

    /// <summary>White space, line terminators, commas, comments and byte order marks have no meaning between tokens.</summary>
    private void SkipIgnored()
    {
        while ((uint)position < (uint)source.Length)
        {
            switch (source[position])
            {
                case ' ' or ',' or '\t' or '\uFEFF':
                    position++;
                    break;
                case '\n':
                    StartLine(position + 1);
                    break;
                case '\r':
                    StartLine(At(position + 1) == '\n' ? position + 2 : position + 1);
                    break;
                case '#':
                    SkipComment();
                    break;
                default:
                    return;
            }
        }
    }

    private void StartLine(int at)
    {
        position = at;
        lineStart = at;
        line++;
    }

    private void SkipComment()
    {
        ReadOnlySpan<char> rest = source[position..];
        int length = rest.IndexOfAny(LineTerminators);
        RequireScalarValues(length < 0 ? rest : rest[..length], position);
        position = length < 0 ? source.Length : position + length;
    }

    private void ReadName(ref SyntaxToken token)
    {
        int end = position + 1;
        while ((uint)end < (uint)source.Length && IsNameContinue(source[end]))
            end++;
        position = end;
        token.Kind = TokenKind.Name;
    }

    private void ReadSpread(ref SyntaxToken token)
    {
        if (At(position + 1) != '.' || At(position + 2) != '.')
            throw Error(
                char.IsAsciiDigit(At(position + 1)) ? "Invalid number, expected a digit before \".\"." : "Unexpected \".\", did you mean \"...\"?",
                position);
        position += 3;
        token.Kind = TokenKind.Spread;
    }

    /// <summary>The character at an offset, or NUL after the end.</summary>
    private readonly char At(int offset) => (uint)offset < (uint)source.Length ? source[offset] : '\0';

    /// <summary>Comments and strings may contain every Unicode scalar value, so the only thing to reject is half of a surrogate pair.</summary>
    private readonly void RequireScalarValues(ReadOnlySpan<char> text, int offset)
    {
        for (int at = 0; ;)
        {
            int next = text[at..].IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0)
                return;
            at += next;
            if (!char.IsHighSurrogate(text[at]) || at + 1 >= text.Length || !char.IsLowSurrogate(text[at + 1]))
                throw Error($"Invalid character: {Describe(offset + at)} is half of a surrogate pair.", offset + at);
            at += 2;
        }
    }

    private readonly GraphQLSyntaxException UnexpectedCharacter(int offset) => Error(
        source[offset] == '\'' ? "Unexpected single quote, did you mean to use a double quote (\")?" : $"Unexpected character: {Describe(offset)}.", offset);

    private readonly GraphQLSyntaxException Error(string message, int offset) =>
        new("Syntax error: " + message, new SourceLocation(line, offset - lineStart + 1));

    /// <summary>The character for an error message: itself if printable, else its code point.</summary>
    private readonly string Describe(int offset)
    {
        if ((uint)offset >= (uint)source.Length)
            return "end of document";
        char character = source[offset];
        if (character is >= ' ' and <= '~')
            return character == '"' ? "'\"'" : $"\"{character}\"";
        bool isPair = char.IsHighSurrogate(character) && char.IsLowSurrogate(At(offset + 1));
        return $"U+{(isPair ? char.ConvertToUtf32(character, source[offset + 1]) : character):X4}";
    }
}
