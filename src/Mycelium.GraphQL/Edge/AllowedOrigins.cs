using System.Net;
using Microsoft.Net.Http.Headers;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Edge;

/// <summary>
/// The origins whose pages may call the API from a browser and open sockets: those in the settings, and in Development every port of the
/// local machine.
/// </summary>
internal sealed class AllowedOrigins(CorsSettings settings, bool includingThisMachine)
{
    private readonly HashSet<string> listed = [.. settings.Origins()];

    /// <summary>A plain comparison is enough, because browsers write each origin in only one way.</summary>
    public bool Has(string origin) => listed.Contains(origin) || (includingThisMachine && IsThisMachine(origin));

    /// <summary>
    /// Refuses the preflight of an unlisted origin with a message that developers find in the network tab of their browser. The usual CORS
    /// response would be an empty 204. Other requests are not refused here: the browser decides whether a page may read the response.
    /// </summary>
    public Task RefusePreflightsAsync(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Request.Headers;
        bool isPreflight = HttpMethods.IsOptions(context.Request.Method)
            && headers.ContainsKey(HeaderNames.Origin)
            && headers.ContainsKey(HeaderNames.AccessControlRequestMethod);
        if (!isPreflight || Has(headers.Origin.ToString()))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        var error = new
        {
            message = "Pages of this origin may not call this service. Cors:AllowedOrigins lists the allowed origins.",
            extensions = new { code = ErrorCodes.Forbidden },
        };
        return context.Response.WriteAsJsonAsync(new { errors = new[] { error } });
    }

    private static bool IsThisMachine(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https"
        && uri.GetLeftPart(UriPartial.Authority) == origin // No path, no user, and no other spelling of the address.
        && uri.UserInfo.Length == 0
        && (uri.Host == "localhost"
            || (IPAddress.TryParse(uri.Host, out IPAddress? address) && (address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback))));
}
