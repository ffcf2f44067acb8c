using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Mycelium.GraphQL.Edge;

/// <summary>
/// The proxies that are trusted to report where a request came from: section <c>Proxies</c>. By default the address of a caller is that of
/// the connection, and <c>X-Forwarded-*</c>, which anyone can send, is ignored.
/// </summary>
public sealed class KnownProxies
{
    public const string Section = "Proxies";

    /// <summary>Enough for one proxy at the edge and one in front of the replicas.</summary>
    private const int HopsMax = 2;

    /// <summary>Shorter prefixes are refused: no network of proxies is that large, and everyone in it would be trusted.</summary>
    private const int PrefixMin = 8, PrefixMinOfIPv6 = 32;

    /// <summary>Addresses and networks of the proxies in front, separated by commas, such as <c>10.0.0.7, 10.1.0.0/16</c>; none by default.</summary>
    public string Known { get; set; } = "";

    public bool HasAny => Parts().Length > 0;

    /// <exception cref="InvalidOperationException">An entry is neither an address nor a network, or the network is too large.</exception>
    public void Apply(ForwardedHeadersOptions options)
    {
        options.ForwardedHeaders = HasAny ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto : ForwardedHeaders.None;
        options.ForwardLimit = HopsMax;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (string part in Parts())
        {
            if (IPAddress.TryParse(part, out IPAddress? address))
                options.KnownProxies.Add(address);
            else if (IPNetwork.TryParse(part, out IPNetwork network)
                && network.PrefixLength >= (network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? PrefixMinOfIPv6 : PrefixMin))
                options.KnownIPNetworks.Add(network);
            else
                throw new InvalidOperationException(
                    $"Proxies:Known: '{part}' is neither an address such as 10.0.0.7 nor a network such as 10.1.0.0/16 (at least /8, or /32 for IPv6).");
        }
    }

    private string[] Parts() => Known.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
