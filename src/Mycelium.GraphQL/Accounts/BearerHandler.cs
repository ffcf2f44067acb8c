using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Authenticates requests by <c>Authorization: Bearer …</c>. This is the only way: no cookie is read or set. A request without the header
/// is anonymous; a request with an invalid one is refused.
/// </summary>
internal sealed class BearerHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, TokenReader tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "Bearer";
    private const string Prefix = Scheme + " ";

    /// <summary>Whether the request carries credentials that were rejected.</summary>
    public static bool IsRefused(HttpContext context) =>
        context.Request.Headers.ContainsKey(HeaderNames.Authorization) && context.User.Identity is not { IsAuthenticated: true };

    /// <summary>Rejects requests with such credentials early: treating them as anonymous would silently return different data.</summary>
    public static Task RefuseAsync(HttpContext context, RequestDelegate next)
    {
        if (context.WebSockets.IsWebSocketRequest || !IsRefused(context)) // A socket is closed with 4403.
            return next(context);
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = Scheme;
        context.Response.Headers.CacheControl = "no-store";
        var error = new
        {
            message = "The token is invalid or has expired. Get another from /account/refresh or /account/login.",
            extensions = new { code = ErrorCodes.Unauthenticated },
        };
        return context.Response.WriteAsJsonAsync(new { errors = new[] { error } }, JsonSerializerOptions.Web, context.RequestAborted);
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization is not [{ } header])
            return Request.Headers.Authorization.Count == 0 ? AuthenticateResult.NoResult() : TokenReader.Refused;
        return header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? await tokens.ReadAsync(header[Prefix.Length..].Trim())
            : TokenReader.Refused;
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = Scheme;
        return Task.CompletedTask;
    }
}
