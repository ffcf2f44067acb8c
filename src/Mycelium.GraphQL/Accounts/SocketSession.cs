using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Authenticates sockets. Browsers cannot set headers on a WebSocket, so the token is sent in <c>connection_init</c> as
/// <c>{ "Authorization": "Bearer …" }</c>. Without it, the caller is the one of the upgrade request, or anonymous.
/// </summary>
public sealed class SocketSession(TokenReader tokens, Standings standings) : ISocketSessionInterceptor
{
    private const string Scheme = "Bearer ";

    public async ValueTask<ConnectionStatus> OnConnectAsync(HttpContext context, JsonElement payload, CancellationToken cancellation)
    {
        if (Token(payload) is not { } token)
        {
            DateTimeOffset? expiresAt = context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult?.Properties?.ExpiresUtc;
            return BearerHandler.IsRefused(context) ? ConnectionStatus.Reject() : ConnectionStatus.Accept(context.User, expiresAt);
        }

        AuthenticateResult read;
        try
        {
            read = await tokens.ReadAsync(token);
        }
        catch (StoreUnavailableException)
        {
            return ConnectionStatus.TryLater();
        }
        return read.Succeeded ? ConnectionStatus.Accept(read.Principal, read.Properties!.ExpiresUtc) : ConnectionStatus.Reject();
    }

    /// <summary>
    /// Updates the caller's roles, because a socket may stay open longer than the roles in its token are current. A socket whose rights
    /// were withdrawn is about to be closed.
    /// </summary>
    /// <exception cref="GraphQLException">The rights were withdrawn.</exception>
    /// <exception cref="StoreUnavailableException">The rights cannot be determined.</exception>
    public async ValueTask<ClaimsPrincipal> OnRequestAsync(ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (user is not Caller caller)
            return user;
        AccountStanding standing = await standings.OfAsync(caller.SignInKey);
        return caller.MayStay(standing)
            ? caller.As(standing)
            : throw new GraphQLException("Your rights have changed since this socket was opened. Sign in again.", ErrorCodes.Unauthenticated);
    }

    /// <summary>The token, or null if there is none. A value that is not a string counts as an invalid token.</summary>
    private static string? Token(JsonElement payload)
    {
        if (payload.ValueKind != JsonValueKind.Object)
            return null;
        foreach (JsonProperty property in payload.EnumerateObject())
        {
            if (property.Name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) && property.Value.ValueKind != JsonValueKind.Null)
            {
                string text = property.Value.ValueKind == JsonValueKind.String ? property.Value.GetString()! : "";
                return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? text[Scheme.Length..].Trim() : text;
            }
        }
        return null;
    }
}
