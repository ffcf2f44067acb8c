using System.Security.Claims;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// Follows what viewers of open sockets and streams may do. Registered as a service; without one, a socket or a stream ends by its viewer's expiry alone.
/// </summary>
public interface IViewerRights
{
    /// <param name="viewer">Whom a socket was accepted for, or a stream was opened by.</param>
    /// <param name="withdrawn">
    /// Called once, on any thread, when the viewer lost rights that it had when it came: a socket is closed with 4403, a stream ends with <c>UNAUTHENTICATED</c>.
    /// </param>
    /// <returns>Ends the watch when it is disposed of; null for a viewer who has nothing to lose.</returns>
    IDisposable? Watch(ClaimsPrincipal viewer, Action withdrawn);
}
