using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// Decides who is on a socket. Registered as a service, resolved in a scope of its own for each connection. Without one, the user of the upgrade request is taken,
/// with the expiry of its ticket.
/// </summary>
public interface ISocketSessionInterceptor
{
    /// <param name="context">The upgrade request; its user is whom the HTTP authentication found.</param>
    /// <param name="payload">What the client sent in <c>connection_init</c>: an object, or undefined.</param>
    /// <param name="cancellation">Cancelled when the socket has closed.</param>
    ValueTask<ConnectionStatus> OnConnectAsync(HttpContext context, JsonElement payload, CancellationToken cancellation);

    /// <summary>Asked before each operation, in its scope: who it is of, where that may have changed while the socket was open.</summary>
    /// <param name="user">Whom the socket was accepted for.</param>
    /// <param name="cancellation">Cancelled when the operation is stopped.</param>
    ValueTask<ClaimsPrincipal> OnRequestAsync(ClaimsPrincipal user, CancellationToken cancellation) => new(user);
}
