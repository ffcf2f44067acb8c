using System.Net;
using System.Net.Sockets;

namespace Mycelium.GraphQL.Edge;

/// <summary>The text under which calls from one address are counted.</summary>
internal static class CallerAddress
{
    /// <summary>An IPv6 customer has at least a /64 to come from, so a /64 counts as one address.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null or { IsIPv4MappedToIPv6: true } or { AddressFamily: not AddressFamily.InterNetworkV6 })
            return address?.MapToIPv4().ToString() ?? "";
        return Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8));
    }
}
