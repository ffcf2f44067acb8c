namespace Mycelium.GraphQL.Engine.Errors;

/// <summary>The names that a client may have meant, by the number of letters to change, add, drop or swap.</summary>
internal static class Suggestions
{
    private const int SuggestionsMax = 3;

    /// <summary>Longer names are not typing mistakes, and a comparison costs the product of both lengths.</summary>
    private const int NameLengthMax = 64;

    /// <returns>" Did you mean …?", or nothing when no name is near.</returns>
    public static string For(string wrong, IEnumerable<string> names)
    {
        if (wrong.Length > NameLengthMax)
            return "";
        int distanceMax = wrong.Length * 2 / 5 + 1;
        string[] nearest =
        [
            .. names.Where(name => name.Length <= NameLengthMax && Math.Abs(name.Length - wrong.Length) <= distanceMax)
                .Select(name => (Name: name, Distance: Distance(wrong, name)))
                .Where(candidate => candidate.Distance <= distanceMax)
                .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
                .Take(SuggestionsMax)
                .Select(candidate => $"\"{candidate.Name}\""),
        ];
        return nearest.Length switch
        {
            0 => "",
            1 => $" Did you mean {nearest[0]}?",
            _ => $" Did you mean {string.Join(", ", nearest[..^1])} or {nearest[^1]}?",
        };
    }

    /// <summary>A difference in case counts as one change, however many letters it affects.</summary>
    private static int Distance(string from, string to)
    {
        if (from.Equals(to, StringComparison.OrdinalIgnoreCase))
            return 1;
        Span<int> beforeLast = stackalloc int[to.Length + 1];
        Span<int> last = stackalloc int[to.Length + 1];
        Span<int> current = stackalloc int[to.Length + 1];
        for (int column = 0; column <= to.Length; column++)
            last[column] = column;

        for (int row = 1; row <= from.Length; row++)
        {
            current[0] = row;
            for (int column = 1; column <= to.Length; column++)
            {
                int change = Lower(from[row - 1]) == Lower(to[column - 1]) ? 0 : 1;
                current[column] = Math.Min(last[column - 1] + change, Math.Min(last[column], current[column - 1]) + 1);
                if (row > 1 && column > 1 && Lower(from[row - 1]) == Lower(to[column - 2]) && Lower(from[row - 2]) == Lower(to[column - 1]))
                    current[column] = Math.Min(current[column], beforeLast[column - 2] + 1);
            }
            last.CopyTo(beforeLast);
            current.CopyTo(last);
        }
        return last[to.Length];
    }

    private static char Lower(char character) => char.ToLowerInvariant(character);
}
