namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>The timers of a socket: waiting for <c>connection_init</c>, pings and silent clients, and the expiry of the user's token.</summary>
internal sealed class SocketDeadlines : IDisposable
{
    /// <summary>Timers take at most 49 days, and a server's clock may be changed: a distant expiry is checked again.</summary>
    private static readonly TimeSpan ExpiryCheckMax = TimeSpan.FromHours(1);

    private readonly SocketSender sender;
    private readonly GraphQLTransportOptions options;
    private readonly TimeProvider clock;
    private readonly ITimer init;
    private readonly ITimer ping;
    private readonly ITimer expiry;
    private DateTimeOffset? expiresAt;
    private long lastMessageAt;

    public SocketDeadlines(SocketSender sender, GraphQLTransportOptions options, TimeProvider clock)
    {
        this.sender = sender;
        this.options = options;
        this.clock = clock;
        lastMessageAt = clock.GetTimestamp();
        init = clock.CreateTimer(_ => sender.Close(CloseReason.InitTimeout), null, options.ConnectionInitTimeout, Timeout.InfiniteTimeSpan);
        ping = clock.CreateTimer(_ => Ping(), null, options.PingInterval, options.PingInterval);
        expiry = clock.CreateTimer(_ => CheckExpiry(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Any message shows that the client is alive, not only a pong.</summary>
    public void MessageReceived() => Volatile.Write(ref lastMessageAt, clock.GetTimestamp());

    public void Initialised() => init.Dispose();

    public void CloseAt(DateTimeOffset? expiry)
    {
        expiresAt = expiry;
        CheckExpiry();
    }

    public void Dispose()
    {
        init.Dispose();
        ping.Dispose();
        expiry.Dispose();
    }

    private void Ping()
    {
        if (clock.GetElapsedTime(Volatile.Read(ref lastMessageAt)) >= options.PongTimeout)
            sender.Close(CloseReason.PongTimeout);
        else
            sender.PostIfRoom(ServerMessage.Ping());
    }

    private void CheckExpiry()
    {
        if (expiresAt is not { } end)
            return;
        TimeSpan left = end - clock.GetUtcNow();
        if (left <= TimeSpan.Zero)
            sender.Close(CloseReason.Expired);
        else
            expiry.Change(left < ExpiryCheckMax ? left : ExpiryCheckMax, Timeout.InfiniteTimeSpan);
    }
}
