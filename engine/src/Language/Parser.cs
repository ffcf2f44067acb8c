namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Parses GraphQL text, executable as well as type system. A <see cref="string"/> converts to the span it takes.</summary>
/// <remarks>
/// Any text results in a tree or a <see cref="GraphQLSyntaxException"/>: nesting is counted, so that no text can exhaust the stack.
/// </remarks>
internal static class Parser
{
    /// <exception cref="GraphQLSyntaxException">The text is not a document, or exceeds a limit of <paramref name="options"/>.</exception>
    public static DocumentNode ParseDocument(ReadOnlySpan<char> text, ParserOptions? options = null)
    {
        var reader = new SyntaxReader(text, options ?? ParserOptions.Default);
        return reader.ReadDocument();
    }

    /// <summary>A single value, which may contain variables unless <paramref name="isConstant"/>.</summary>
    /// <exception cref="GraphQLSyntaxException"/>
    public static ValueNode ParseValue(ReadOnlySpan<char> text, ParserOptions? options = null, bool isConstant = false)
    {
        var reader = new SyntaxReader(text, options ?? ParserOptions.Default);
        ValueNode value = reader.ReadValue(isConstant);
        reader.ExpectEnd();
        return value;
    }

    /// <summary>A type reference such as <c>[Int!]!</c>.</summary>
    /// <exception cref="GraphQLSyntaxException"/>
    public static TypeNode ParseType(ReadOnlySpan<char> text, ParserOptions? options = null)
    {
        var reader = new SyntaxReader(text, options ?? ParserOptions.Default);
        TypeNode type = reader.ReadType();
        reader.ExpectEnd();
        return type;
    }
}
