using System.Text.Json;
using System.Text.Unicode;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// What JSON's grammar allows but no string can hold: bytes that are not UTF-8, and halves of surrogate pairs written as escapes. Rejected here once,
/// so that reading a value later never throws.
/// </summary>
internal static class JsonText
{
    /// <returns>What is wrong, or null.</returns>
    public static string? FindFault(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
            return "The request is not UTF-8.";
        return HasLoneSurrogate(json) ? "The request contains half of a surrogate pair." : null;
    }

    /// <summary>Whether it is valid JSON.</summary>
    public static bool IsWellFormed(ReadOnlySpan<byte> json, int maxDepth)
    {
        if (FindFault(json) is not null)
            return false;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = maxDepth });
        try
        {
            while (reader.Read())
            {
                // To the end.
            }
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<byte> json)
    {
        for (int at = json.IndexOf((byte)'\\'); at >= 0;)
        {
            json = json[at..];
            int length = 2;
            if (IsSurrogate(json, 'D', '8', 'B'))
            {
                if (!IsSurrogate(json[6..], 'D', 'C', 'F'))
                    return true;
                length = 12;
            }
            else if (IsSurrogate(json, 'D', 'C', 'F'))
            {
                return true;
            }
            json = json[Math.Min(length, json.Length)..];
            at = json.IndexOf((byte)'\\');
        }
        return false;
    }

    /// <summary>Whether the text starts with an escape of six bytes whose second hexadecimal digit is in the range.</summary>
    private static bool IsSurrogate(ReadOnlySpan<byte> text, char first, char from, char to) =>
        text.Length >= 6 && text[0] == '\\' && text[1] == 'u' && Upper(text[2]) == first && Upper(text[3]) >= from && Upper(text[3]) <= to;

    private static int Upper(byte letter) => letter is >= (byte)'a' and <= (byte)'z' ? letter - 32 : letter;
}
