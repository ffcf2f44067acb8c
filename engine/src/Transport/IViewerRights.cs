using System.Security.Claims;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>
/// Watches the rights of viewers with open sockets and streams. Registered as a service; without one, a socket or a stream only ends when its
/// viewer's rights expire.
/// </summary>
public interface IViewerRights
{
    /// <param name="viewer">The user that a socket was accepted for, or that opened a stream.</param>
    /// <param name="withdrawn">
    /// Called once, on any thread, when the viewer lost rights since connecting: a socket is closed with 4403, a stream ends with
    /// <c>UNAUTHENTICATED</c>.
    /// </param>
    /// <returns>Dispose it to end the watch; null for a viewer without rights to lose.</returns>
    IDisposable? Watch(ClaimsPrincipal viewer, Action withdrawn);
}
