using System.Collections.Frozen;

namespace Mycelium.Domain.Nodes;

/// <summary>Finds a country by the name that the grid writes, whatever its case.</summary>
public static class Countries
{
    private static readonly FrozenDictionary<string, Country> byName =
        CountryTable.Rows.ToFrozenDictionary(country => country.Name, StringComparer.OrdinalIgnoreCase);

    public static IReadOnlyList<Country> All => CountryTable.Rows;

    public static Country? Find(string? name) => name is not null && byName.TryGetValue(name.Trim(), out Country? country) ? country : null;
}
