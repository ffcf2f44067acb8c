using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.GraphQL.Health;
using Mycelium.Infrastructure;

namespace Mycelium.GraphQL;

/// <summary>
/// Who is on a socket: browsers cannot set headers on a WebSocket, so the token comes in <c>connection_init</c> as
/// <c>{ "Authorization": "Bearer …" }</c>. Without one, whoever the upgrade request was signed in as; else an anonymous viewer of the market.
/// </summary>
public sealed class SocketSession(IOptionsMonitor<BearerTokenOptions> options, Readiness readiness, RoleStanding standing, TimeProvider clock) : ISocketSessionInterceptor
{
    private const string Scheme = "Bearer ";

    public async ValueTask<ConnectionStatus> OnConnectAsync(HttpContext context, JsonElement payload, CancellationToken cancellation)
    {
        if (Token(payload) is not { } token)
        {
            DateTimeOffset? expiresAt = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc;
            return ConnectionStatus.Accept(context.User, expiresAt);
        }

        AuthenticationTicket? ticket;
        try
        {
            ticket = options.Get(IdentityConstants.BearerScheme).BearerTokenProtector.Unprotect(token);
        }
        catch (StoreUnavailableException)
        {
            return ConnectionStatus.TryLater();
        }
        if (ticket is null)
            return await IsKeyRingOutOfReachAsync(cancellation) ? ConnectionStatus.TryLater() : ConnectionStatus.Reject();
        return ticket.Properties.ExpiresUtc is { } expires && expires > clock.GetUtcNow()
            ? ConnectionStatus.Accept(ticket.Principal, expires)
            : ConnectionStatus.Reject();
    }

    /// <summary>A socket may outlive what its token says.</summary>
    public async ValueTask<ClaimsPrincipal> OnRequestAsync(ClaimsPrincipal user, CancellationToken cancellation) => await standing.TransformAsync(user);

    /// <summary>Without PostgreSQL a token whose key this replica has not read yet looks like a forged one. A client must not be told to sign in anew for that.</summary>
    private async ValueTask<bool> IsKeyRingOutOfReachAsync(CancellationToken cancellation) =>
        (await readiness.ReadAsync(cancellation)).Status == ReadinessStatus.Unavailable;

    private static string? Token(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object)
            return null;
        foreach (JsonProperty property in payload.EnumerateObject())
        {
            if (property.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind == JsonValueKind.String)
            {
                string text = property.Value.GetString()!;
                return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].Trim() : text;
            }
        }
        return null;
    }
}
