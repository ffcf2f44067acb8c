using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>Which pages may open a socket. Programs send no <c>Origin</c> and are allowed: they do not have anybody's cookies.</summary>
internal static class SocketOrigin
{
    public static bool IsAllowed(HttpRequest request, GraphQLTransportOptions options)
    {
        StringValues header = request.Headers[HeaderNames.Origin];
        if (header.Count == 0)
            return true;
        if (header is not [{ Length: > 0 } origin])
            return false;
        return options.AllowedSocketOrigins.Any(candidate => candidate.TrimEnd('/').Equals(origin, StringComparison.OrdinalIgnoreCase))
            || IsSameOrigin(origin, request)
            || options.AllowsSocketOrigin?.Invoke(origin) == true;
    }

    /// <summary>Behind a proxy that terminates TLS, the scheme of the request comes from forwarded headers.</summary>
    private static bool IsSameOrigin(string origin, HttpRequest request) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is ("http" or "https")
        && uri.Scheme.Equals(request.Scheme, StringComparison.OrdinalIgnoreCase)
        && uri.Host.Equals(request.Host.Host, StringComparison.OrdinalIgnoreCase)
        && uri.Port == (request.Host.Port ?? (uri.Scheme == "https" ? 443 : 80));
}
