namespace Mycelium.GraphQL.Engine.Language;

internal ref partial struct Lexer
{
    /// <summary><see href="https://spec.graphql.org/September2025/#StringValue"/></summary>
    private void ReadString(ref SyntaxToken token)
    {
        if (At(position + 1) == '"' && At(position + 2) == '"')
        {
            ReadBlockString(ref token);
            return;
        }

        token.Kind = TokenKind.String;
        position++;
        while (true)
        {
            ReadOnlySpan<char> rest = source[position..];
            int length = rest.IndexOfAny(StringStops);
            RequireScalarValues(length < 0 ? rest : rest[..length], position);
            position = length < 0 ? source.Length : position + length;
            switch (At(position))
            {
                case '"':
                    position++;
                    return;
                case '\\':
                    token.HasEscapes = true;
                    if (!StringEscape.TryRead(source[position..], out int escapeLength, out _))
                        throw Error($"Invalid escape sequence in a string: \"{source.Slice(position, escapeLength)}\".", position);
                    position += escapeLength;
                    break;
                default:
                    throw Error("Unterminated string.", position);
            }
        }
    }

    private void ReadBlockString(ref SyntaxToken token)
    {
        token.Kind = TokenKind.BlockString;
        position += 3;
        while (true)
        {
            ReadOnlySpan<char> rest = source[position..];
            int length = rest.IndexOfAny(StringStops);
            RequireScalarValues(length < 0 ? rest : rest[..length], position);
            if (length < 0)
            {
                position = source.Length;
                throw Error("Unterminated string.", position);
            }
            position += length;
            switch (source[position])
            {
                case '"' when At(position + 1) == '"' && At(position + 2) == '"':
                    position += 3;
                    return;
                case '\\' when source[(position + 1)..].StartsWith("\"\"\""):
                    token.HasEscapes = true;
                    position += 4;
                    break;
                case '\n':
                    StartLine(position + 1);
                    break;
                case '\r':
                    StartLine(At(position + 1) == '\n' ? position + 2 : position + 1);
                    break;
                default:
                    position++;
                    break;
            }
        }
    }
}
