using System.Text.RegularExpressions;

namespace Mycelium.Domain.Grids;

/// <summary>
/// The name of a grid, such as <c>main</c> or <c>test</c>: 1 to 32 lower-case letters, digits and hyphens, starting with a letter. It never
/// changes.
/// </summary>
public static partial class GridName
{
    public const string Main = "main";

    public static bool IsValid(string? name) => name is not null && Pattern().IsMatch(name);

    [GeneratedRegex(@"^[a-z][a-z0-9-]{0,31}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Pattern();
}
