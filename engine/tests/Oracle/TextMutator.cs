namespace Mycelium.GraphQL.Engine.Tests.Oracle;

/// <summary>Damages a text in one to three places, as a typing mistake or a hostile client would.</summary>
internal static class TextMutator
{
    private static readonly string[] Insertions =
    [
        "{", "}", "(", ")", "[", "]", "!", "$", "@", ":", "=", "|", "&", "...", "..", ".", "\"", "\"\"\"", "\\", "#", "\n", "\r", "0", "00", "-",
        "1.", "1e", ".5",
        "0xF", "1a", "\u00A0", "\f", "\0", "on", "null", "true", "fragment", "query", "extend", "{}", "()", "[]", "\"\\u{110000}\"", "\"\\uD800\"",
        "\"\\x\"", "'", "é",
        "\"\"\"\"\"\"", "\"\"", ",", "\uFEFF", "type", "%", "?", "~",
    ];

    public static string Mutate(string text, Random random)
    {
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            int at = random.Next(text.Length + 1);
            int length = Math.Min(text.Length - at, random.Next(1, 6));
            text = random.Next(4) switch
            {
                0 => text.Remove(at, length),
                1 => text.Insert(at, text.Substring(at, length)),
                2 when length > 1 => string.Concat(text.AsSpan(0, at), text.AsSpan(at + 1, 1), text.AsSpan(at, 1), text.AsSpan(at + 2)),
                _ => text.Insert(at, Insertions[random.Next(Insertions.Length)]),
            };
        }
        return text;
    }
}
