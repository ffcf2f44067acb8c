using System.Security.Claims;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>The response to <c>connection_init</c>.</summary>
public sealed class ConnectionStatus
{
    private ConnectionStatus(ClaimsPrincipal? user, DateTimeOffset? expiresAt, bool isTemporary)
    {
        User = user;
        ExpiresAt = expiresAt;
        IsTemporary = isTemporary;
    }

    /// <summary>Null when the connection is refused.</summary>
    public ClaimsPrincipal? User { get; }

    /// <summary>
    /// When the rights of <see cref="User"/> expire; the socket is then closed with 4403 and the client may reconnect with a new token.
    /// </summary>
    public DateTimeOffset? ExpiresAt { get; }

    /// <summary>Refused only temporarily.</summary>
    internal bool IsTemporary { get; }

    /// <summary>The operations of this socket run as this user.</summary>
    public static ConnectionStatus Accept(ClaimsPrincipal user, DateTimeOffset? expiresAt = null)
    {
        ArgumentNullException.ThrowIfNull(user);
        return new(user, expiresAt, isTemporary: false);
    }

    /// <summary>Closes the socket with 4403 <c>Forbidden</c>. The client does not learn why: that would help anyone who guesses tokens.</summary>
    public static ConnectionStatus Reject() => new(null, null, isTemporary: false);

    /// <summary>
    /// Closes the socket with 1013: a store is unavailable, so the user cannot be identified right now. Clients retry automatically.
    /// </summary>
    public static ConnectionStatus TryLater() => new(null, null, isTemporary: true);
}
