using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL;

/// <summary>
/// The numbers that bound a request or a connection, each with its reason; <see cref="LimitsSetup"/> hands them to the parts that keep them. docs/limits.md lists
/// them for callers. What bounds one page, one <c>where</c> and one <c>order</c> is the engine's, and in the schema; what an operator may set is in options classes.
/// </summary>
public static class Limits
{
    /// <summary>A document written by hand has some 2 000 characters, one made by tools some 50 000; more is quick to refuse.</summary>
    public const int DocumentCharactersMax = 256 * 1024;

    /// <summary>A tree of so many takes 2 MB; the introspection query of tools has 500.</summary>
    public const int DocumentTokensMax = 20_000;

    /// <summary>The largest operations of generated clients have some hundreds; everything after parsing walks over them.</summary>
    public const int DocumentFieldsMax = 2_048;

    /// <summary>Nested braces, lists and types: every walk recurses so deep, and a stack overflow ends a .NET process.</summary>
    public const int DocumentDepthMax = 200;

    /// <summary>Fields above each other with fragments spread: the deepest screen needs 12.</summary>
    public const int FieldDepthMax = 50;

    /// <summary>One field above itself, such as node, farm, node: each round multiplies the answer and tells nothing new.</summary>
    public const int FieldCycleDepthMax = 3;

    /// <summary>At one place of a document: <c>@include</c>, <c>@skip</c>, <c>@defer</c> and one more.</summary>
    public const int DirectivesMax = 4;

    /// <summary>Aliases are how one request asks the same thing a thousand times; a dashboard has 20.</summary>
    public const int AliasesMax = 100;

    /// <summary>The same field again in one selection: generated fragments overlap a little, nobody by hundreds.</summary>
    public const int RepeatedFieldsMax = 100;

    /// <summary>Fragments reached from all operations of a document together; a large frontend sends 100.</summary>
    public const int FragmentVisitsMax = 1_000;

    /// <summary>Looking for fields that contradict each other: so many take 20 ms.</summary>
    public const int FieldComparisonsMax = 200_000;

    /// <summary>Fields of types of fields: whoever reads the schema reads it once.</summary>
    public const int IntrospectionListDepthMax = 1;

    /// <summary>No type of any schema is wrapped as often; tools ask for 9.</summary>
    public const int IntrospectionOfTypeDepthMax = 16;

    /// <summary>Errors told of one document: nobody reads more, and each costs time and bytes; scanners count on ten.</summary>
    public const int ValidationErrorsMax = 8;

    /// <summary>
    /// The costliest page of the market with node, farm and the node's other combinations has a field cost under 500 and a type cost under 1 500, a whole
    /// snapshot with node and farm 1 100 and 1 600; lists in lists in lists are what is over it.
    /// </summary>
    public static readonly CostLimits AnonymousCost = new(MaxFieldCost: 2_000, MaxTypeCost: 5_000);

    /// <summary>Somebody who has signed in: twice as much, since whoever abuses it is known.</summary>
    public static readonly CostLimits AccountCost = new(MaxFieldCost: 4_000, MaxTypeCost: 10_000);

    /// <summary>A partner's server asks for many customers at once: ten times a frontend's.</summary>
    public static readonly CostLimits PartnerCost = new(MaxFieldCost: 20_000, MaxTypeCost: 50_000);

    /// <summary>An operator looks at everything, but fills no memory: some 60 MB of JSON.</summary>
    public static readonly CostLimits OperatorCost = new(MaxFieldCost: 100_000, MaxTypeCost: 250_000);

    /// <summary>Points for a document that is not in the cache: to parse, validate and compile the worst takes 20 ms, as does an operation of this field cost. Clients send theirs again and again.</summary>
    public const int DocumentPoints = 50;

    /// <summary>Points for an answer that executes nothing: a refusal, or what an operation would cost.</summary>
    public const int RefusalPoints = 1;

    /// <summary>Callers whose points one replica remembers, 300 bytes each; one beyond them borrows anew.</summary>
    public const int CallersRememberedMax = 20_000;

    /// <summary>Selections looked at to weigh an operation: so many take 20 ms, and only fragments in ever new combinations need more.</summary>
    public const int WeighedSelectionsMax = 200_000;

    /// <summary>Assumed when weighed: 1, 2, 4, 8, 16 and 32 base slices; all but the largest nodes have fewer.</summary>
    public const int CombinationsPerNode = 6;

    /// <summary>Farms in the answer of a mutation on a twin: a twin has one farm as a rule, and a farmer of hundreds reads the rest by pages.</summary>
    public const int FarmsPerTwinShown = 100;

    /// <summary>Assumed when weighed: the largest machines of the grid have so many graphics cards.</summary>
    public const int GpusPerNode = 8;

    /// <summary>Assumed when weighed: a hundred clusters of 10,000 nodes are what the market is measured with.</summary>
    public const int GridsAssumed = 100;

    /// <summary>
    /// From the beginning of a request to its answer, whatever it meets: a person waits no longer, and a client that sends again sooner only adds to the load. Queues, turns,
    /// connections, statements and their cancellation spend from it.
    /// </summary>
    public static readonly TimeSpan RequestDeadline = TimeSpan.FromSeconds(5);

    /// <summary>Resolvers that were told to stop may take so long; then the answer leaves without them.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    /// <summary>What stopping leaves of the deadline. The slowest honest query takes under one second; the time-out cancels the statement in PostgreSQL too.</summary>
    public static readonly TimeSpan ExecutionTimeout = RequestDeadline - StopTimeout;

    /// <summary>The costliest page of an account is some 2 MB; a hundred of these at once still fit into memory.</summary>
    public const int ResponseBytesMax = 16 * 1024 * 1024;

    /// <summary>Errors told of one execution: one for each item of a page.</summary>
    public const int ErrorsMax = 100;

    /// <summary>Parts of one answer that wait (<c>@defer</c>, <c>@stream</c>): a page of 500 rows that defers three fragments in each has 1 500.</summary>
    public const int PendingDeliveriesMax = 2_000;

    /// <summary>Keys of one statement: PostgreSQL plans it in a millisecond, and a page's items need one statement.</summary>
    public const int LoaderBatchMax = 1_000;

    /// <summary>Frontends have some hundred documents each; unique ones push out the unused first.</summary>
    public const int CachedDocumentsMax = 1_000;

    /// <summary>Text of the cached documents together; compiled, ten times as much.</summary>
    public const int CachedDocumentBytesMax = 8 * 1024 * 1024;

    /// <summary>A document of the largest size, and variables; more is answered with 413 and a GraphQL error.</summary>
    public const int GraphQLRequestBytesMax = 1024 * 1024;

    /// <summary>A little more, at every address: the endpoint above answers by itself before the server cuts the connection.</summary>
    public const int RequestBytesMax = (1024 + 64) * 1024;

    /// <summary>Operations of one batch, where batches are taken: what a page asks for at once. They share one time-out and one cost.</summary>
    public const int BatchMax = 10;

    /// <summary>Where System.Text.Json stops by itself; variables of real clients are less than 10 deep.</summary>
    public const int JsonDepthMax = 64;

    /// <summary>How long a browser that came once by https uses nothing else (HSTS); lists that browsers ship with ask for a year.</summary>
    public static readonly TimeSpan HttpsOnlyFor = TimeSpan.FromDays(365);

    /// <summary>Kestrel's 30 s let a few clients that drip bytes keep many connections.</summary>
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Calls of <c>/account</c> that wait in one replica while half of its cores check passwords: on two cores the last one waits 3 s, and 4 beside a full load, which is within the deadline; more get 429.</summary>
    public const int PasswordsWaitingMax = 50;

    /// <summary>What those are told to wait before they come back: until a full line has been served.</summary>
    public static readonly TimeSpan PasswordRetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>Of one replica: each may make 1 MiB wait for it, and so many still fit into memory.</summary>
    public const int SocketsMax = 10_000;

    /// <summary>Of one account at one replica: ten tabs on three devices are 30, and one account must not take the sockets of all. One more is closed with 1013.</summary>
    public const int SocketsPerAccountMax = 100;

    /// <summary>A subscription with its variables; a socket carries no bulk mutations.</summary>
    public const int SocketMessageBytesMax = 64 * 1024;

    /// <summary>Characters of an operation's id: clients send UUIDs or counters, and every message repeats the id.</summary>
    public const int OperationIdLengthMax = 256;

    /// <summary>A dashboard follows fewer than 10.</summary>
    public const int OperationsPerSocketMax = 20;

    /// <summary>Messages that wait for one socket; a reader that does not keep up is closed with 1013.</summary>
    public const int QueuedMessagesMax = 1_000;

    /// <summary>Bytes that wait for one socket, so that 10 000 sockets fit into memory at their worst.</summary>
    public const int QueuedBytesMax = 1024 * 1024;

    /// <summary>May lie in the kernel for one connection; a reader that stops is then noticed within a few messages.</summary>
    public const int SendBufferBytes = 64 * 1024;

    /// <summary>A browser sends <c>connection_init</c> at once, and a silent socket costs memory.</summary>
    public static readonly TimeSpan ConnectionInitTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Under the 60 s after which common proxies drop a quiet connection.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    /// <summary>Two pings without any message: the kernel's buffers hide a dead reader for megabytes.</summary>
    public static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(30);

    /// <summary>A full queue may take so long to become half empty; then the socket is closed.</summary>
    public static readonly TimeSpan SlowConsumerGrace = TimeSpan.FromSeconds(5);

    /// <summary>For the close handshake, well inside the 30 s that a host gives its shutdown.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Event streams over HTTP of one replica, as many as sockets: each waits the same way.</summary>
    public const int StreamsMax = 10_000;

    /// <summary>A comment into a quiet event stream, for the same proxies.</summary>
    public static readonly TimeSpan StreamHeartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Event streams that one viewer reserved and has not opened; a browser reserves one for each tab.</summary>
    public const int ReservationsPerViewerMax = 50;

    /// <summary>From reserving an event stream to opening it; a browser takes a moment.</summary>
    public static readonly TimeSpan ReservationTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Documents of partners kept in memory, unknown ones among them: the working set of 20 partners at 2 kB each; one beyond them costs a look at an index.
    /// </summary>
    public const int PartnerLookupsMax = 4_000;

    /// <summary>The longest that one replica goes on saying there is no such document after another has registered it.</summary>
    public static readonly TimeSpan UnknownDocumentFor = TimeSpan.FromSeconds(1);

    /// <summary>The longest that one replica goes on believing what it read of an account's lock, stamp, roles and sign-ins: a look for each request would be one more round trip.</summary>
    public static readonly TimeSpan StandingFor = TimeSpan.FromSeconds(1);

    /// <summary>Sign-ins whose standing is kept in memory, at some 300 bytes: as many as tokens.</summary>
    public const int StandingsMax = 10_000;

    /// <summary>The longest that withdrawn rights count anywhere. While PostgreSQL does not say what an account may do, its last word stands for so long; then what the account asks for is refused as unavailable.</summary>
    public static readonly TimeSpan RightsWithdrawnWithin = TimeSpan.FromSeconds(5);

    /// <summary>From one look at the rights of all open sockets and streams to the next: what was withdrawn closes them within five seconds, with time left for a slow database.</summary>
    public static readonly TimeSpan RightsCheckPeriod = TimeSpan.FromSeconds(2);

    /// <summary>Bearer tokens kept in memory with what they say: 3 kB each, for as many callers as one replica has in a minute; one beyond them is opened once more.</summary>
    public const int OpenTokensMax = 10_000;

    /// <summary>The longest that a token still counts whose key was revoked in the key ring; one that has expired is refused at once.</summary>
    public static readonly TimeSpan OpenTokenFor = TimeSpan.FromMinutes(1);

    /// <summary>Faults told of refused documents; who has more mends those first.</summary>
    public const int DocumentFaultsMax = 20;

    /// <summary>
    /// For so long caches may give a market answer to others: an availability that old is one that a caller could have read while somebody rented.
    /// </summary>
    public const int MarketAgeSeconds = 3;

    /// <summary>Entities of one snapshot message: some 250 kB of JSON, so that a slow phone shows the first ones soon.</summary>
    public const int SnapshotPageMax = 500;

    /// <summary>Entities of a snapshot; a dashboard shows fewer, and who wants more pages through the query.</summary>
    public const int SnapshotMax = 10_000;

    /// <summary>Without a match for so long, a stream tells where it is, so that a quiet subscriber can resume too.</summary>
    public static readonly TimeSpan BookmarkInterval = TimeSpan.FromSeconds(15);
}
