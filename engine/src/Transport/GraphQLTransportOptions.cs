using Microsoft.AspNetCore.Http;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Every number and list that bounds a request or a socket, each with its reason.</summary>
public sealed class GraphQLTransportOptions
{
    /// <summary>1 MiB: a document of the largest size the parser takes, and variables for a bulk mutation. More is answered with 413.</summary>
    public int MaxRequestBytes { get; set; } = 1024 * 1024;

    /// <summary>64, the depth at which System.Text.Json stops by itself. Variables of real clients are less than 10 deep.</summary>
    public int MaxJsonDepth { get; set; } = 64;

    /// <summary>Which statuses answers have. See <see cref="StatusCodeProfile"/>; the draft's ones are not what public audits and older clients expect yet.</summary>
    public StatusCodeProfile StatusCodes { get; set; }

    /// <summary>Which ways of sending several operations in one request are taken. None by default: over HTTP/2 single requests cost as little, and answer sooner.</summary>
    public AllowedBatching Batching { get; set; }

    /// <summary>10 operations in one batch: clients that batch what a page asks for at once send fewer. A batch has one time-out and one cost budget, whatever its size.</summary>
    public int MaxBatchSize { get; set; } = 10;

    /// <summary>
    /// 10,000 answers that may stay open at once (event streams, reservations, parts), as many as sockets; more are refused with 503. An idle one costs some 10 kB.
    /// </summary>
    public int MaxStreams { get; set; } = 10_000;

    /// <summary>
    /// 15 s without a message; then a stream says that it is alive. Under the 30 s after which the strictest of common proxies drop a quiet connection, and it
    /// finds out a client that has gone.
    /// </summary>
    public TimeSpan HeartbeatInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Lets many operations share one event stream, for browsers that speak HTTP/1.1 and so have six connections in all. Such a stream lives in one server: behind
    /// several, its requests have to reach the same one.
    /// </summary>
    public bool EnableSingleConnectionMode { get; set; } = true;

    /// <summary>30 s from the reservation of a shared stream to its opening: a page opens it at once, and a reservation keeps one of the places for streams.</summary>
    public TimeSpan ReservationTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>50 reservations and shared streams of one account, or of one address of callers without an account: an office behind one address has some tabs.</summary>
    public int MaxReservationsPerViewer { get; set; } = 50;

    /// <summary>When a query over GET needs a header that no other site can set. See <see cref="GetPreflight"/>.</summary>
    public GetPreflight GetPreflight { get; set; } = GetPreflight.CrossSite;

    /// <summary>A page for people who open the endpoint in a browser.</summary>
    public bool ServeLandingPage { get; set; } = true;

    /// <summary>Writes that page, such as an editor for queries. Unless set, it is one of ours that says how the endpoint is called.</summary>
    public Func<HttpContext, Task>? BrowserPage { get; set; }

    /// <summary>What our own page tells besides, as plain text.</summary>
    public string? LandingPageNote { get; set; }

    /// <summary>
    /// Origins besides the server's own host that may open a socket, and an event stream over GET, such as <c>https://app.example.com</c>.
    /// Browsers do not apply CORS to sockets, so that this list is all that keeps a foreign page from opening one with the viewer's cookies.
    /// </summary>
    public IList<string> AllowedSocketOrigins { get; } = [];

    /// <summary>Allows origins that no list can name, such as every port of the developer's own machine; none unless set. See <see cref="AllowedSocketOrigins"/>.</summary>
    public Func<string, bool>? AllowsSocketOrigin { get; set; }

    /// <summary>64 KiB: the bound on a document. A socket carries no bulk mutations.</summary>
    public int MaxSocketMessageBytes { get; set; } = 64 * 1024;

    /// <summary>3 s from the upgrade to <c>connection_init</c>: a browser sends it at once, and a silent socket costs memory.</summary>
    public TimeSpan ConnectionInitTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>
    /// 100 for one signed-in user, told apart by the claim <see cref="System.Security.Claims.ClaimTypes.NameIdentifier"/>: ten tabs on three devices are 30, and one
    /// account must not take the sockets of all. One more is closed with 1013 <c>TOO_MANY_SOCKETS</c>. Null for no bound.
    /// </summary>
    public int? MaxSocketsPerUser { get; set; } = 100;

    /// <summary>
    /// Sockets of one remote address that nobody has signed in on. No bound unless set: behind a proxy that does not pass addresses on, and for an office, many people come from one. One more is
    /// closed with 1013 <c>TOO_MANY_SOCKETS</c>. As many again may not have sent <c>connection_init</c> yet; one more closes the oldest of these.
    /// </summary>
    public int? MaxSocketsPerAddress { get; set; }

    /// <summary>Answers over HTTP that may stay open, of one signed-in user. No bound unless set; one more is refused with 429.</summary>
    public int? MaxStreamsPerUser { get; set; }

    /// <summary>The same for one remote address of callers who have not signed in.</summary>
    public int? MaxStreamsPerAddress { get; set; }

    /// <summary>What counts as one remote address; null for nobody's, which is not counted. Unless set, the address itself: a host may take a whole IPv6 network for one caller.</summary>
    public Func<HttpContext, string?> AddressOf { get; set; } = context => context.Connection.RemoteIpAddress?.ToString();

    /// <summary>20 on one socket, or on one shared event stream: a dashboard has fewer than 10.</summary>
    public int MaxOperationsPerSocket { get; set; } = 20;

    /// <summary>256 characters: clients send UUIDs or counters, and every message of the operation repeats the id.</summary>
    public int MaxOperationIdLength { get; set; } = 256;

    /// <summary>15 s: under the 60 s after which common proxies drop a quiet connection, and soon enough to notice a dead one.</summary>
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>30 s, two pings, without any message from the client: the kernel's buffers hide a dead reader for megabytes.</summary>
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>1,000 messages may wait for one socket. See <see cref="SlowConsumerGrace"/> for what happens at the bound.</summary>
    public int MaxQueuedMessages { get; set; } = 1_000;

    /// <summary>1 MiB may wait for one socket, so that 10,000 of them fit into memory at their worst. A single message may be larger.</summary>
    public int MaxQueuedBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// 5 s: when the queue is full, an operation waits this long at most for half of it to be sent; then the socket is closed with 1013 <c>SLOW_CONSUMER</c>. A
    /// stream over HTTP has no queue but the connection's own: it ends when the client takes less than 16 KiB in this time.
    /// A client that replays a long backlog keeps up with that; one that does not read is gone within seconds. Nobody else ever waits.
    /// </summary>
    public TimeSpan SlowConsumerGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>5 s for the close handshake; then the connection is cut. Well inside the 30 s that a host gives its shutdown.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);
}
