using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// Decides who the user of a socket is. Registered as a service, resolved in a scope of its own for each connection. Without one, it is the user of
/// the upgrade request, with the expiry of the ticket.
/// </summary>
public interface ISocketSessionInterceptor
{
    /// <param name="context">The upgrade request, with the user from HTTP authentication.</param>
    /// <param name="payload">What the client sent in <c>connection_init</c>: an object, or undefined.</param>
    /// <param name="cancellation">Cancelled when the socket has closed.</param>
    ValueTask<ConnectionStatus> OnConnectAsync(HttpContext context, JsonElement payload, CancellationToken cancellation);

    /// <summary>Called before each operation, in its scope: returns its user, who may have changed since the socket was opened.</summary>
    /// <param name="user">The user that the socket was accepted for.</param>
    /// <param name="cancellation">Cancelled when the operation is stopped.</param>
    ValueTask<ClaimsPrincipal> OnRequestAsync(ClaimsPrincipal user, CancellationToken cancellation) => new(user);
}
