using System.Buffers;
using System.Globalization;
using System.Text;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary><see href="https://spec.graphql.org/September2025/#EscapedCharacter"/></summary>
internal static class StringEscape
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>Reads the escape sequence at the start of <paramref name="text"/>.</summary>
    /// <param name="length">Its length; when it is invalid, how much of it to show in the error.</param>
    public static bool TryRead(ReadOnlySpan<char> text, out int length, out Rune value)
    {
        length = Math.Min(2, text.Length);
        value = default;
        if (text.Length < 2)
            return false;
        if (text[1] == 'u')
            return text.Length > 2 && text[2] == '{' ? TryReadBraced(text, out length, out value) : TryReadFixed(text, out length, out value);

        char character = text[1] switch
        {
            '"' => '"',
            '\\' => '\\',
            '/' => '/',
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => '\0',
        };
        value = new Rune(character);
        return character != '\0';
    }

    /// <summary>The value of a string from the text between its quotes, which the lexer has checked.</summary>
    public static string Decode(ReadOnlySpan<char> text)
    {
        char[] buffer = ArrayPool<char>.Shared.Rent(text.Length); // An escape is never shorter than what it stands for.
        int written = 0;
        while (!text.IsEmpty)
        {
            int plain = text.IndexOf('\\');
            if (plain < 0)
                plain = text.Length;
            text[..plain].CopyTo(buffer.AsSpan(written));
            written += plain;
            text = text[plain..];
            if (text.IsEmpty || !TryRead(text, out int length, out Rune value))
                break;
            written += value.EncodeToUtf16(buffer.AsSpan(written));
            text = text[length..];
        }
        string decoded = new(buffer, 0, written);
        ArrayPool<char>.Shared.Return(buffer);
        return decoded;
    }

    /// <summary><c>\u{1F600}</c></summary>
    private static bool TryReadBraced(ReadOnlySpan<char> text, out int length, out Rune value)
    {
        int digits = text[3..].IndexOfAnyExcept(HexDigits);
        length = Math.Min(text.Length, 3 + Math.Max(1, digits + 1));
        value = default;
        return digits > 0 && text[3 + digits] == '}'
            && uint.TryParse(text.Slice(3, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint code)
            && Rune.TryCreate(code, out value);
    }

    /// <summary><c>\u00E9</c>, or the two halves of a surrogate pair in sequence.</summary>
    private static bool TryReadFixed(ReadOnlySpan<char> text, out int length, out Rune value)
    {
        length = Math.Min(text.Length, 6);
        value = default;
        if (!TryReadUnit(text, out char unit))
            return false;
        if (!char.IsSurrogate(unit))
            return Rune.TryCreate(unit, out value);
        if (!TryReadUnit(text[6..], out char low) || !Rune.TryCreate(unit, low, out value))
            return false;
        length = 12;
        return true;
    }

    private static bool TryReadUnit(ReadOnlySpan<char> text, out char unit)
    {
        unit = '\0';
        if (text.Length < 6 || text[0] != '\\' || text[1] != 'u'
            || !ushort.TryParse(text.Slice(2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort code))
            return false;
        unit = (char)code;
        return true;
    }
}
