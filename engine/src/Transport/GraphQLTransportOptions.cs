using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Every number and list that limits a request or a socket, each with its reason.</summary>
public sealed class GraphQLTransportOptions
{
    /// <summary>1 MiB: a document of the largest size the parser accepts, and variables for a bulk mutation. More is refused with 413.</summary>
    public int MaxRequestBytes { get; set; } = 1024 * 1024;

    /// <summary>64, the default limit of System.Text.Json. Variables of real clients are less than 10 deep.</summary>
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>
    /// The status codes of responses. See <see cref="StatusCodeProfile"/>; public audits and older clients do not yet expect those of the draft.
    /// </summary>
    public StatusCodeProfile StatusCodes { get; set; }

    /// <summary>
    /// The supported ways of sending several operations in one request. None by default: over HTTP/2, single requests cost as little, and respond
    /// sooner.
    /// </summary>
    public AllowedBatching Batching { get; set; }

    /// <summary>
    /// 10 operations in one batch: clients that batch everything a page needs at once send fewer. A batch has one time-out and one cost budget,
    /// whatever its size.
    /// </summary>
    public int MaxBatchSize { get; set; } = 10;

    /// <summary>
    /// 10,000 responses that may stay open at once (event streams, reservations, parts), as many as sockets; more are refused with 503. An idle one
    /// costs about 10 kB.
    /// </summary>
    public int MaxStreams { get; set; } = 10_000;

    /// <summary>
    /// 15 s without a message; then a stream sends a heartbeat. Shorter than the 30 s after which the strictest common proxies drop a quiet
    /// connection, and it detects clients that have disconnected.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Lets many operations share one event stream, for browsers that use HTTP/1.1 and so have only six connections. Such a stream lives in one
    /// server: behind a load balancer, its requests have to reach the same one.
    /// </summary>
    public bool EnableSingleConnectionMode { get; set; } = true;

    /// <summary>
    /// 30 s from the reservation of a shared stream to its opening: a page opens it immediately, and a reservation takes up one of the allowed
    /// streams.
    /// </summary>
    public TimeSpan ReservationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// 50 reservations and shared streams of one account, or of one address of callers without an account: an office behind one address has several
    /// tabs open.
    /// </summary>
    public int MaxReservationsPerViewer { get; set; } = 50;

    /// <summary>When a GET query needs a header that no other site can set. See <see cref="GetPreflight"/>.</summary>
    public GetPreflight GetPreflight { get; set; } = GetPreflight.CrossSite;

    /// <summary>A page for people who open the endpoint in a browser.</summary>
    public bool ServeLandingPage { get; set; } = true;

    /// <summary>Writes that page, such as a query editor. By default, our own page explains how to call the endpoint.</summary>
    public Func<HttpContext, Task>? BrowserPage { get; set; }

    /// <summary>Additional plain text on our own page.</summary>
    public string? LandingPageNote { get; set; }

    /// <summary>
    /// Origins, other than the server's own host, that may open a socket, or an event stream over GET, such as <c>https://app.example.com</c>.
    /// Browsers do not apply CORS to sockets, so this list alone keeps a foreign page from opening one with the viewer's cookies.
    /// </summary>
    public IList<string> AllowedSocketOrigins { get; } = [];

    /// <summary>
    /// Allows origins that cannot be listed, such as every port of the developer's own machine; none by default. See
    /// <see cref="AllowedSocketOrigins"/>.
    /// </summary>
    public Func<string, bool>? AllowsSocketOrigin { get; set; }

    /// <summary>64 KiB: the limit on a document. Sockets are not for bulk mutations.</summary>
    public int MaxSocketMessageBytes { get; set; } = 64 * 1024;

    /// <summary>3 s from the upgrade to <c>connection_init</c>: a browser sends it immediately, and a silent socket costs memory.</summary>
    public TimeSpan ConnectionInitTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// 100 for one signed-in user, identified by the claim <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>: ten tabs on three devices
    /// are 30, and one account must not use up everyone's sockets. One more is closed with 1013 <c>TOO_MANY_SOCKETS</c>. Null for no limit.
    /// </summary>
    public int? MaxSocketsPerUser { get; set; } = 100;

    /// <summary>
    /// Sockets of one remote address on which nobody has signed in. No limit by default: behind a proxy that does not pass on addresses, and in an
    /// office, many people share one. One more is closed with 1013 <c>TOO_MANY_SOCKETS</c>. The same number may be waiting to send
    /// <c>connection_init</c>; one more closes the oldest of these.
    /// </summary>
    public int? MaxSocketsPerAddress { get; set; }

    /// <summary>HTTP responses of one signed-in user that may stay open. No limit by default; one more is refused with 429.</summary>
    public int? MaxStreamsPerUser { get; set; }

    /// <summary>The same for one remote address of callers who have not signed in.</summary>
    public int? MaxStreamsPerAddress { get; set; }

    /// <summary>
    /// What counts as one remote address; null if unknown, which is not counted. By default, the address itself: a host may treat a whole IPv6
    /// network as one caller.
    /// </summary>
    public Func<HttpContext, string?> AddressOf { get; set; } = context => context.Connection.RemoteIpAddress?.ToString();

    /// <summary>20 on one socket, or on one shared event stream: a dashboard has fewer than 10.</summary>
    public int MaxOperationsPerSocket { get; set; } = 20;

    /// <summary>256 characters: clients send UUIDs or counters, and every message of the operation repeats the id.</summary>
    public int MaxOperationIdLength { get; set; } = 256;

    /// <summary>15 s: shorter than the 60 s after which common proxies drop a quiet connection, and short enough to notice a dead one.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>30 s, two pings, without any message from the client: the kernel's buffers hide a dead reader for megabytes.</summary>
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>1,000 messages may wait for one socket. See <see cref="SlowConsumerGrace"/> for what happens at the limit.</summary>
    public int MaxQueuedMessages { get; set; } = 1_000;

    /// <summary>1 MiB may wait for one socket, so that 10,000 of them fit into memory at their worst. A single message may be larger.</summary>
    public int MaxQueuedBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// 5 s: when the queue is full, an operation waits at most this long for half of it to be sent; then the socket is closed with 1013
    /// <c>SLOW_CONSUMER</c>. A stream over HTTP has no queue except the connection's own: it ends when the client reads less than 16 KiB in this
    /// time. A client that replays a long backlog can keep up with that; one that does not read is gone within seconds. Nobody else ever waits.
    /// </summary>
    public TimeSpan SlowConsumerGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>5 s for the close handshake; then the connection is aborted. Well below the 30 s that a host takes to shut down.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
