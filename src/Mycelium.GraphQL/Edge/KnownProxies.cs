using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Mycelium.GraphQL.Edge;

/// <summary>
/// Who may say where a request came from: section <c>Proxies</c>. Without it the address of a caller is that of the connection, and <c>X-Forwarded-*</c>, which anybody can
/// send, is not read.
/// </summary>
public sealed class KnownProxies
{
    public const string Section = "Proxies";

    /// <summary>An honest set-up has no more: one proxy at the edge, one in front of the replicas.</summary>
    private const int HopsMax = 2;

    /// <summary>A shorter prefix is refused: no network of proxies is that large, and such a setting would trust everybody in it.</summary>
    private const int PrefixMin = 8, PrefixMinOfIPv6 = 32;

    /// <summary>Addresses and networks of the proxies in front, separated by commas, such as <c>10.0.0.7, 10.1.0.0/16</c>; none by default.</summary>
    public string Known { get; set; } = "";

    public bool HasAny => Parts().Length > 0;

    /// <exception cref="InvalidOperationException">A part is neither an address nor a network, or a network that is too large.</exception>
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
            else if (IPNetwork.TryParse(part, out IPNetwork network) && network.PrefixLength >= (network.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6 ? PrefixMinOfIPv6 : PrefixMin))
                options.KnownIPNetworks.Add(network);
            else
                throw new InvalidOperationException($"Proxies:Known: '{part}' is neither an address such as 10.0.0.7 nor a network such as 10.1.0.0/16, of at least /8, or /32 of IPv6.");
        }
    }

    private string[] Parts() => Known.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
