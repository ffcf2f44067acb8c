using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>
/// A recursive descent parser with one token of look-ahead. This part advances over tokens and counts; the grammar is in the other parts of the type:
/// executable definitions, values and types, type system definitions.
/// </summary>
internal ref partial struct SyntaxReader
{
    private readonly ReadOnlySpan<char> source;
    private readonly ParserOptions options;
    private readonly NodeStack pending = new();
    private Lexer lexer;
    private SyntaxToken token;
    private int previousEnd;
    private int tokenCount;
    private int fieldCount;
    private int depth;

    public SyntaxReader(ReadOnlySpan<char> source, ParserOptions options)
    {
        this.source = source;
        this.options = options;
        if (source.Length > options.MaxCharacters)
            throw OverLimit(nameof(options.MaxCharacters), options.MaxCharacters, $"the document has more than {options.MaxCharacters} characters");
        lexer = new Lexer(source);
        lexer.Read(out token);
    }

    private readonly ReadOnlySpan<char> Text => source[token.Start..token.End];

    public readonly void ExpectEnd()
    {
        if (token.Kind != TokenKind.EndOfFile)
            throw Unexpected();
    }

    private void Advance()
    {
        previousEnd = token.End;
        if (++tokenCount > options.MaxTokens)
            throw OverLimit(nameof(options.MaxTokens), options.MaxTokens, $"the document has more than {options.MaxTokens} tokens");
        lexer.Read(out token);
    }

    private readonly bool Peek(TokenKind kind) => token.Kind == kind;

    private readonly bool PeekKeyword(string keyword) => token.Kind == TokenKind.Name && Text.SequenceEqual(keyword);

    private bool Skip(TokenKind kind)
    {
        if (token.Kind != kind)
            return false;
        Advance();
        return true;
    }

    private bool SkipKeyword(string keyword)
    {
        if (!PeekKeyword(keyword))
            return false;
        Advance();
        return true;
    }

    private void Expect(TokenKind kind)
    {
        if (token.Kind != kind)
            throw Error($"expected {Describe(kind)}, found {DescribeToken()}");
        Advance();
    }

    private void ExpectKeyword(string keyword)
    {
        if (!SkipKeyword(keyword))
            throw Error($"expected \"{keyword}\", found {DescribeToken()}");
    }

    private string ReadName()
    {
        if (token.Kind != TokenKind.Name)
            throw Error($"expected a name, found {DescribeToken()}");
        string name = Text.ToString();
        Advance();
        return name;
    }

    private readonly SourceSpan From(in SyntaxToken start) => new(start.Start, previousEnd, start.Line, start.Column);

    /// <summary>Every recursive construct enters here, and leaves with <see cref="Leave"/>.</summary>
    private void Enter()
    {
        if (++depth > options.MaxDepth)
            throw OverLimit(nameof(options.MaxDepth), options.MaxDepth, $"the document nests deeper than {options.MaxDepth} levels");
    }

    private void Leave() => depth--;

    private readonly GraphQLSyntaxException Unexpected() => Error($"unexpected {DescribeToken()}");

    private readonly GraphQLSyntaxException Error(string message) => new($"Syntax error: {message}.", token.Location);

    private readonly GraphQLSyntaxException OverLimit(string limit, int max, string message) =>
        new($"Refused: {message}.", token.Line == 0 ? new SourceLocation(1, 1) : token.Location, char.ToLowerInvariant(limit[0]) + limit[1..], max);

    private readonly string DescribeToken()
    {
        const int shownMax = 40;
        if (token.Kind == TokenKind.EndOfFile)
            return "end of document";
        if (token.Kind is TokenKind.String or TokenKind.BlockString)
            return "a string";
        ReadOnlySpan<char> text = Text;
        return text.Length > shownMax ? $"\"{text[..shownMax]}…\"" : $"\"{text}\"";
    }

    private static string Describe(TokenKind kind) => kind switch
    {
        TokenKind.ParenLeft => "\"(\"",
        TokenKind.ParenRight => "\")\"",
        TokenKind.BraceLeft => "\"{\"",
        TokenKind.BraceRight => "\"}\"",
        TokenKind.BracketLeft => "\"[\"",
        TokenKind.BracketRight => "\"]\"",
        TokenKind.Colon => "\":\"",
        TokenKind.Equal => "\"=\"",
        TokenKind.At => "\"@\"",
        TokenKind.Dollar => "\"$\"",
        TokenKind.EndOfFile => "end of document",
        _ => kind.ToString(),
    };
}
