using System.Net;
using Microsoft.Net.Http.Headers;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Edge;

/// <summary>The origins whose pages may call the API from a browser and open sockets: those of the settings, and in Development every port of the developer's own machine.</summary>
internal sealed class AllowedOrigins(CorsSettings settings, bool includingThisMachine)
{
    private readonly HashSet<string> listed = [.. settings.Origins()];

    /// <summary>A browser writes an origin in one way only; no browser sends any other spelling.</summary>
    public bool Has(string origin) => listed.Contains(origin) || (includingThisMachine && IsThisMachine(origin));

    /// <summary>
    /// A preflight of a foreign page is refused with a sentence, which the developer finds in the browser's network tab. Answered as CORS asks for, it would be a 204 with nothing
    /// in it. No other request is refused here: whether a page may read its answer is the browser's to decide.
    /// </summary>
    public Task RefusePreflightsAsync(HttpContext context, RequestDelegate next)
    {
        IHeaderDictionary headers = context.Request.Headers;
        bool isPreflight = HttpMethods.IsOptions(context.Request.Method) && headers.ContainsKey(HeaderNames.Origin) && headers.ContainsKey(HeaderNames.AccessControlRequestMethod);
        if (!isPreflight || Has(headers.Origin.ToString()))
            return next(context);
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return context.Response.WriteAsJsonAsync(
            new { errors = new[] { new { message = "Pages of this origin may not call this service; Cors:AllowedOrigins lists those that may.", extensions = new { code = ErrorCodes.Forbidden } } } });
    }

    private static bool IsThisMachine(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri)
        && uri.Scheme is "http" or "https"
        && uri.GetLeftPart(UriPartial.Authority) == origin // Neither a path, nor a user, nor another spelling of an address.
        && uri.UserInfo.Length == 0
        && (uri.Host == "localhost" || (IPAddress.TryParse(uri.Host, out IPAddress? address) && (address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback))));
}
