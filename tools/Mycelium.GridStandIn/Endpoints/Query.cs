using System.Globalization;

namespace Mycelium.GridStandIn.Endpoints;

/// <summary>A parameter that GridProxy would reject with 400.</summary>
internal sealed class BadQueryException(string message) : Exception(message);

/// <summary>Reads the text of query parameters, strictly.</summary>
internal static class Query
{
    public static long Whole(string text, string name) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new BadQueryException($"{name}: \"{text}\" is not a whole number");

    public static decimal Number(string text, string name) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value)
            ? value
            : throw new BadQueryException($"{name}: \"{text}\" is not a number");

    public static bool Truth(string text, string name) =>
        bool.TryParse(text, out bool value) ? value : throw new BadQueryException($"{name}: \"{text}\" is neither true nor false");

    public static HashSet<long> WholeList(string text, string name) => [.. List(text).Select(item => Whole(item, name))];

    public static HashSet<string> WordList(string text, string name, IReadOnlyCollection<string> known)
    {
        HashSet<string> words = new(List(text), StringComparer.OrdinalIgnoreCase);
        return words.FirstOrDefault(word => !known.Contains(word, StringComparer.OrdinalIgnoreCase)) is { } stranger
            ? throw new BadQueryException($"{name}: \"{stranger}\" is not one of {string.Join(", ", known)}")
            : words;
    }

    public static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    public static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static string[] List(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
