using System.Text;
using Microsoft.Extensions.Configuration;
using Mycelium.Domain.Grids;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>Where the provisioner of a grid is, and what both sides sign with.</summary>
/// <param name="Grid">The grid's name.</param>
/// <param name="BaseUrl">Ends with a slash.</param>
/// <param name="Key">Never in a log.</param>
public sealed record ProvisionerAddress(string Grid, Uri BaseUrl, ProvisionerKey Key);

/// <summary>
/// The provisioners that this replica uses: <c>Provisioners:main:BaseUrl</c>, <c>Secret</c> and <c>KeyId</c>, and so on for each grid. A grid that sells slices
/// without machines says so by <c>Provisioners:main=None</c>, or all that have no setting of their own do by <c>Provisioner=None</c>. A grid with neither
/// sells nothing.
/// </summary>
public sealed class Provisioners
{
    public const string SectionName = "Provisioners";

    /// <summary>For all grids without a setting of their own; its only value is <see cref="None"/>.</summary>
    public const string ForAll = "Provisioner";

    public const string None = "None";

    private readonly HashSet<string> without;
    private readonly bool restWithout;

    private Provisioners(IReadOnlyList<ProvisionerAddress> all, HashSet<string> without, bool restWithout) =>
        (All, this.without, this.restWithout) = (all, without, restWithout);

    public IReadOnlyList<ProvisionerAddress> All { get; }

    /// <summary>Whether rentals of the grid get machines.</summary>
    public bool Has(string grid) => All.Any(provisioner => provisioner.Grid == grid);

    /// <summary>Whether the grid sells: it has a provisioner, or its operator says that it sells slices without machines.</summary>
    public bool Sells(string grid) => Has(grid) || without.Contains(grid) || restWithout;

    /// <param name="configuration">The settings.</param>
    /// <param name="allowsHttp">Whether a provisioner on another machine may be reached without encryption: only in Development.</param>
    /// <exception cref="InvalidOperationException">The settings contradict themselves; the message names them and what to change.</exception>
    public static Provisioners Read(IConfiguration configuration, bool allowsHttp)
    {
        var all = new List<ProvisionerAddress>();
        HashSet<string> without = new(StringComparer.Ordinal);
        bool restWithout = configuration[ForAll] switch
        {
            null or "" => false,
            None => true,
            _ => throw new InvalidOperationException($"{ForAll}: the only value is {None}, for grids that sell slices without machines."),
        };
        foreach (IConfigurationSection grid in configuration.GetSection(SectionName).GetChildren())
        {
            if (!GridName.IsValid(grid.Key))
                throw new InvalidOperationException(
                    $"{grid.Path}: a grid's name has 1 to 32 lower-case letters, digits and hyphens, and begins with a letter.");
            if (grid.Value == None)
                without.Add(grid.Key);
            else if (grid[nameof(ProvisionerAddress.BaseUrl)] is { Length: > 0 } text)
                all.Add(new ProvisionerAddress(grid.Key, Address(text, grid.Path, allowsHttp), Key(grid)));
            else if (grid.Value is { Length: > 0 } || grid["Secret"] is { Length: > 0 })
                throw new InvalidOperationException($"{grid.Path}: set BaseUrl, Secret and KeyId, or {grid.Path} itself to {None}.");
        }
        return new Provisioners(all, without, restWithout);
    }

    private static ProvisionerKey Key(IConfigurationSection grid)
    {
        string secret = grid["Secret"] ?? "";
        if (secret.Length < ProvisionerKey.SecretLengthMin)
            throw new InvalidOperationException($"{grid.Path}:Secret has at least {ProvisionerKey.SecretLengthMin} characters, made at random.");
        string id = grid["KeyId"] is { Length: > 0 } given ? given : "mycelium";
        return ProvisionerKey.IsId(id)
            ? new ProvisionerKey(id, Encoding.UTF8.GetBytes(secret))
            : throw new InvalidOperationException($"{grid.Path}:KeyId has 1 to 64 letters, digits, dots, hyphens and underscores.");
    }

    private static Uri Address(string text, string path, bool allowsHttp)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address)
            || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps)
            || address.UserInfo.Length > 0 || address.Query.Length > 0)
            throw new InvalidOperationException($"{path}:BaseUrl is not an address such as https://provisioner.example.com.");
        if (address.Scheme == Uri.UriSchemeHttp && !address.IsLoopback && !allowsHttp)
            throw new InvalidOperationException(
                $"{path}:BaseUrl is not encrypted, and whoever is on the way could read how machines are reached. "
                + "Use https; http is for this machine, and for Development.");
        return new Uri(address.AbsoluteUri.TrimEnd('/') + '/'); // A last path segment counts only with its slash.
    }
}
