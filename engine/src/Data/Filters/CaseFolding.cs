using System.Collections.Frozen;
using System.Text;
using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Case folding for comparisons that ignore case: Unicode's full case folding from a table of our own, so that a database and memory fold alike,
/// regardless of locale and library versions. The dotted and the dotless Turkish i count as i, and so does the i with a combining dot that browsers
/// make of the dotted capital: "izmir" and "IZMIR" both find İzmir.
/// </summary>
/// <remarks>
/// A store that filters has a function for <see cref="Fold"/>, made from the table CaseFolding.json: each letter beyond ASCII and its replacement. In
/// Entity Framework, map it with <c>HasDbFunction</c>.
/// </remarks>
public static class CaseFolding
{
    private static readonly FrozenDictionary<int, string> Table = Read();

    public static string Fold(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Ascii.IsValid(text))
            return text.ToLowerInvariant();
        var folded = new StringBuilder(text.Length + 1);
        foreach (Rune letter in text.EnumerateRunes())
        {
            if (letter.IsAscii)
                folded.Append((char)(char.IsAsciiLetterUpper((char)letter.Value) ? letter.Value | 0x20 : letter.Value));
            else if (Table.TryGetValue(letter.Value, out string? stands))
                folded.Append(stands);
            else
                folded.Append(letter);
        }
        return folded.Replace("i\u0307", "i").ToString();
    }

    private static FrozenDictionary<int, string> Read()
    {
        using Stream file = typeof(CaseFolding).Assembly.GetManifestResourceStream("CaseFolding.json")!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(file)!.ToFrozenDictionary(pair => Rune.GetRuneAt(pair.Key, 0).Value, pair => pair.Value);
    }
}
