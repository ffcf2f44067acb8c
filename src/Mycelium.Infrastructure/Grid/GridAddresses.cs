using Microsoft.Extensions.Configuration;
using Mycelium.Domain.Grids;

namespace Mycelium.Infrastructure.Grid;

/// <summary>A grid that this replica reads, and the address of its GridProxy.</summary>
public sealed record GridAddress(string Name, Uri BaseUrl);

/// <summary>
/// The grids that this replica reads: <c>Grids:main:BaseUrl</c>, <c>Grids:test:BaseUrl</c> and so on; <c>Grid:BaseUrl</c> is short for the first. None is
/// fine: then no grid is read, and what is stored is served as it is.
/// </summary>
public sealed class GridAddresses
{
    public const string Section = "Grids";
    private const string Setting = nameof(GridOptions.BaseUrl);

    private GridAddresses(IReadOnlyList<GridAddress> all) => All = all;

    public IReadOnlyList<GridAddress> All { get; }

    /// <param name="configuration">The settings.</param>
    /// <param name="allowsHttp">
    /// Whether a grid on another machine may be read without encryption: only in Development. What a grid reports decides who owns farms.
    /// </param>
    /// <exception cref="InvalidOperationException">The settings contradict themselves; the message names them and what to change.</exception>
    public static GridAddresses Read(IConfiguration configuration, bool allowsHttp)
    {
        var all = new List<GridAddress>();
        if (configuration[$"{GridOptions.Section}:{Setting}"] is { Length: > 0 } main)
            all.Add(new GridAddress(GridName.Main, Address(main, $"{GridOptions.Section}:{Setting}", allowsHttp)));
        foreach (IConfigurationSection grid in configuration.GetSection(Section).GetChildren())
        {
            if (!GridName.IsValid(grid.Key))
                throw new InvalidOperationException(
                    $"{grid.Path}: a grid's name has 1 to 32 lower-case letters, digits and hyphens, and begins with a letter.");
            if (grid[Setting] is not { } text)
                throw new InvalidOperationException($"{grid.Path}: set {grid.Path}:{Setting} to the address of the grid's GridProxy.");
            if (text.Length == 0)
                continue; // As if it were not set: a compose file passes on what may be empty.
            Add(all, new GridAddress(grid.Key, Address(text, $"{grid.Path}:{Setting}", allowsHttp)));
        }
        return new GridAddresses(all);
    }

    private static void Add(List<GridAddress> all, GridAddress grid)
    {
        if (all.Any(other => other.Name == grid.Name))
            throw new InvalidOperationException(
                $"{GridOptions.Section}:{Setting} and {Section}:{grid.Name}:{Setting} both set the address of the grid {grid.Name}; remove one of them.");
        if (all.Find(other => other.BaseUrl == grid.BaseUrl) is { } same)
            throw new InvalidOperationException(
                $"The grids {same.Name} and {grid.Name} have the same address, {grid.BaseUrl}; every node would be sold twice.");
        all.Add(grid);
    }

    private static Uri Address(string text, string setting, bool allowsHttp)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new InvalidOperationException($"{setting}: '{text}' is not an address such as https://gridproxy.grid.tf.");
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !allowsHttp)
            throw new InvalidOperationException(
                $"{setting}: '{text}' is not encrypted, and whoever is on the way could give farms away. "
                + "Use https; http is for this machine, and for Development.");
        return new Uri(address.AbsoluteUri.TrimEnd('/') + '/'); // A last path segment counts only with its slash.
    }
}
