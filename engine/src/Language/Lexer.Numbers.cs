namespace Mycelium.GraphQL.Engine.Language;

internal ref partial struct Lexer
{
    /// <summary><see href="https://spec.graphql.org/September2025/#IntValue"/> and <see href="https://spec.graphql.org/September2025/#FloatValue"/></summary>
    private void ReadNumber(ref SyntaxToken token)
    {
        token.Kind = TokenKind.Int;
        if (At(position) == '-')
            position++;

        if (At(position) == '0')
        {
            position++;
            if (char.IsAsciiDigit(At(position)))
                throw Error($"Invalid number, unexpected digit after 0: {Describe(position)}.", position);
        }
        else
            ReadDigits();

        if (At(position) == '.')
        {
            token.Kind = TokenKind.Float;
            position++;
            ReadDigits();
        }

        if (At(position) is 'e' or 'E')
        {
            token.Kind = TokenKind.Float;
            position++;
            if (At(position) is '+' or '-')
                position++;
            ReadDigits();
        }

        // Without this look-ahead, `0xF` would be the two tokens 0 and xF.
        if (At(position) == '.' || IsNameStart(At(position)))
            throw Error($"Invalid number, expected digit but got: {Describe(position)}.", position);
    }

    private void ReadDigits()
    {
        if (!char.IsAsciiDigit(At(position)))
            throw Error($"Invalid number, expected digit but got: {Describe(position)}.", position);
        while (char.IsAsciiDigit(At(position)))
            position++;
    }
}
