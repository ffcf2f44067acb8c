using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL;

/// <summary>
/// The numbers that bound a request or a connection, each with its reason. <see cref="LimitsSetup"/> passes them to the parts that enforce
/// them. docs/limits.md lists them for callers. The limits of a page, a <c>where</c> and an <c>order</c> are the engine's, and are in the
/// schema. Settings for operators are in options classes.
/// </summary>
public static class Limits
{
    /// <summary>A document written by hand has about 2 000 characters, a generated one about 50 000. Longer ones are refused quickly.</summary>
    public const int DocumentCharactersMax = 256 * 1024;

    /// <summary>A syntax tree of this many tokens takes 2 MB. The introspection query of tools has 500.</summary>
    public const int DocumentTokensMax = 20_000;

    /// <summary>The largest operations of generated clients have a few hundred fields. Every step after parsing visits all of them.</summary>
    public const int DocumentFieldsMax = 2_048;

    /// <summary>Nesting of braces, lists and types. Every traversal recurses this deep, and a stack overflow kills a .NET process.</summary>
    public const int DocumentDepthMax = 200;

    /// <summary>Nesting of fields, including those in fragments. The deepest screen needs 12.</summary>
    public const int FieldDepthMax = 50;

    /// <summary>
    /// How often a field may be nested in itself, such as node, farm, node: each level multiplies the size of the result and adds nothing
    /// new.
    /// </summary>
    public const int FieldCycleDepthMax = 3;

    /// <summary>Directives at one location: <c>@include</c>, <c>@skip</c>, <c>@defer</c> and one more.</summary>
    public const int DirectivesMax = 4;

    /// <summary>With aliases one request can select the same field a thousand times. A dashboard has 20.</summary>
    public const int AliasesMax = 100;

    /// <summary>Repetitions of a field in one selection. Generated fragments overlap a little, but not hundreds of times.</summary>
    public const int RepeatedFieldsMax = 100;

    /// <summary>Fragments visited from all operations of a document in total. A large frontend sends 100.</summary>
    public const int FragmentVisitsMax = 1_000;

    /// <summary>Comparisons when looking for conflicting fields; this many take 20 ms.</summary>
    public const int FieldComparisonsMax = 200_000;

    /// <summary>How often lists such as the fields of a type may be nested in an introspection query. Reading the schema once needs one level.</summary>
    public const int IntrospectionListDepthMax = 1;

    /// <summary>Nesting of <c>ofType</c>. No type is wrapped this often; tools select 9 levels.</summary>
    public const int IntrospectionOfTypeDepthMax = 16;

    /// <summary>
    /// Validation errors reported for one document. More are not useful, and each costs time and bytes. It is below ten, because scanners
    /// rely on ten.
    /// </summary>
    public const int ValidationErrorsMax = 8;

    /// <summary>
    /// The most expensive page of the market, with node, farm and the node's other combinations, has a field cost below 500 and a type cost
    /// below 1 500. A whole snapshot with node and farm has 1 100 and 1 600. Only lists nested three deep exceed the limit.
    /// </summary>
    public static readonly CostLimits AnonymousCost = new(MaxFieldCost: 2_000, MaxTypeCost: 5_000);

    /// <summary>Twice as much for signed-in callers, because an abuser is identifiable.</summary>
    public static readonly CostLimits AccountCost = new(MaxFieldCost: 4_000, MaxTypeCost: 10_000);

    /// <summary>Ten times as much as an anonymous caller, because a partner's server queries for many customers at once.</summary>
    public static readonly CostLimits PartnerCost = new(MaxFieldCost: 20_000, MaxTypeCost: 50_000);

    /// <summary>Operators may read everything, but must not exhaust memory: this is about 60 MB of JSON.</summary>
    public static readonly CostLimits OperatorCost = new(MaxFieldCost: 100_000, MaxTypeCost: 250_000);

    /// <summary>
    /// Points for a document that is not in the cache. Parsing, validating and compiling the worst one takes 20 ms, the same as an
    /// operation of this field cost. Real clients reuse their documents.
    /// </summary>
    public const int DocumentPoints = 50;

    /// <summary>Points for a response without execution: a refusal, or a report of the cost.</summary>
    public const int RefusalPoints = 1;

    /// <summary>Callers whose points one replica keeps in memory, 300 bytes each. A caller that was evicted borrows points again.</summary>
    public const int CallersRememberedMax = 20_000;

    /// <summary>
    /// Selections visited when computing the cost of an operation. This many take 20 ms, and only contrived combinations of fragments need
    /// more.
    /// </summary>
    public const int WeighedSelectionsMax = 200_000;

    /// <summary>The number assumed for the cost: 1, 2, 4, 8, 16 and 32 base slices. All but the largest nodes have fewer.</summary>
    public const int CombinationsPerNode = 6;

    /// <summary>Farms in the result of a mutation on a twin. A twin usually has one farm; a farmer with hundreds can page through the rest.</summary>
    public const int FarmsPerTwinShown = 100;

    /// <summary>The number assumed for the cost: the largest machines of the grid have this many graphics cards.</summary>
    public const int GpusPerNode = 8;

    /// <summary>The number assumed for the cost: the market is benchmarked with a hundred grids of 10,000 nodes each.</summary>
    public const int GridsAssumed = 100;

    /// <summary>Images of a grid, assumed for the cost: a provisioner lists some ten, and at most 200.</summary>
    public const int ImagesAssumed = 20;

    /// <summary>
    /// The most time from the start of a request to its response, whatever happens. People do not wait longer, and clients that retry
    /// sooner only add to the load. Queues, turns, connections, statements and their cancellation all use this time.
    /// </summary>
    public static readonly TimeSpan RequestDeadline = TimeSpan.FromSeconds(5);

    /// <summary>How long cancelled resolvers may take to stop; after that, the response is sent without them.</summary>
    public static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The rest of the deadline. The slowest legitimate query takes less than one second. The time-out also cancels the statement in
    /// PostgreSQL.
    /// </summary>
    public static readonly TimeSpan ExecutionTimeout = RequestDeadline - StopTimeout;

    /// <summary>The most expensive page of an account is about 2 MB. A hundred responses of the maximum size still fit in memory at once.</summary>
    public const int ResponseBytesMax = 16 * 1024 * 1024;

    /// <summary>Errors reported for one execution: one for each item of a page.</summary>
    public const int ErrorsMax = 100;

    /// <summary>Pending parts of one response (<c>@defer</c>, <c>@stream</c>): a page of 500 rows with three deferred fragments each has 1 500.</summary>
    public const int PendingDeliveriesMax = 2_000;

    /// <summary>Keys in one statement: PostgreSQL plans it in a millisecond, and the items of a page need one statement.</summary>
    public const int LoaderBatchMax = 1_000;

    /// <summary>Frontends have a few hundred documents each. Documents that are used only once evict unused ones first.</summary>
    public const int CachedDocumentsMax = 1_000;

    /// <summary>The total text of cached documents; compiled they take ten times as much.</summary>
    public const int CachedDocumentBytesMax = 8 * 1024 * 1024;

    /// <summary>Enough for a document of the maximum size and its variables. Larger requests get 413 and a GraphQL error.</summary>
    public const int GraphQLRequestBytesMax = 1024 * 1024;

    /// <summary>The limit for all addresses. It is a little higher, so that the GraphQL endpoint can respond before the server cuts the connection.</summary>
    public const int RequestBytesMax = (1024 + 64) * 1024;

    /// <summary>Operations in one batch, if batching is on: what a page loads at once. They share one time-out and one cost limit.</summary>
    public const int BatchMax = 10;

    /// <summary>The default of System.Text.Json. The variables of real clients are nested less than 10 deep.</summary>
    public const int JsonDepthMax = 64;

    /// <summary>How long browsers use only HTTPS after the first visit (HSTS). The preload lists of browsers require a year.</summary>
    public static readonly TimeSpan HttpsOnlyFor = TimeSpan.FromDays(365);

    /// <summary>With Kestrel's default of 30 s, a few clients that send very slowly could occupy many connections.</summary>
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Requests to <c>/account</c> that may queue in one replica while half of its cores hash passwords. On two cores the last one waits 3
    /// s, or 4 s under full load, which is within the deadline. Further requests get 429.
    /// </summary>
    public const int PasswordsWaitingMax = 50;

    /// <summary>The <c>Retry-After</c> of those: the time to serve a full queue.</summary>
    public static readonly TimeSpan PasswordRetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>Sockets of one replica. Each may have 1 MiB queued, and that still fits in memory.</summary>
    public const int SocketsMax = 10_000;

    /// <summary>
    /// Sockets of one account per replica. Ten tabs on three devices are 30, and one account must not use up the sockets of all. Further
    /// sockets are closed with 1013.
    /// </summary>
    public const int SocketsPerAccountMax = 100;

    /// <summary>Enough for a subscription with its variables. Sockets are not for bulk mutations.</summary>
    public const int SocketMessageBytesMax = 64 * 1024;

    /// <summary>Characters of an operation's ID. Clients use UUIDs or counters, and every message repeats the ID.</summary>
    public const int OperationIdLengthMax = 256;

    /// <summary>A dashboard has fewer than 10 subscriptions.</summary>
    public const int OperationsPerSocketMax = 20;

    /// <summary>Messages queued for one socket. A socket whose client does not keep up is closed with 1013.</summary>
    public const int QueuedMessagesMax = 1_000;

    /// <summary>Bytes queued for one socket, so that 10 000 sockets fit in memory even with full queues.</summary>
    public const int QueuedBytesMax = 1024 * 1024;

    /// <summary>The kernel's send buffer of one connection. It is small, so that a client that stops reading is noticed within a few messages.</summary>
    public const int SendBufferBytes = 64 * 1024;

    /// <summary>Browsers send <c>connection_init</c> immediately, and silent sockets cost memory.</summary>
    public static readonly TimeSpan ConnectionInitTimeout = TimeSpan.FromSeconds(3);

    /// <summary>Less than the 60 s after which common proxies drop an idle connection.</summary>
    public static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(15);

    /// <summary>Two ping intervals without any message. Without pings, the kernel's buffers would hide a dead client for megabytes.</summary>
    public static readonly TimeSpan PongTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How long a full queue may take to become half empty before the socket is closed.</summary>
    public static readonly TimeSpan SlowConsumerGrace = TimeSpan.FromSeconds(5);

    /// <summary>For the close handshake. It is well within the 30 s that a host has to shut down.</summary>
    public static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Event streams over HTTP of one replica: as many as sockets, because their queues are the same.</summary>
    public const int StreamsMax = 10_000;

    /// <summary>The interval of comments in an idle event stream, because of the same proxies.</summary>
    public static readonly TimeSpan StreamHeartbeat = TimeSpan.FromSeconds(15);

    /// <summary>Event streams that one viewer has reserved but not opened. A browser reserves one per tab.</summary>
    public const int ReservationsPerViewerMax = 50;

    /// <summary>How long a reserved event stream may stay unopened. Browsers open it within moments.</summary>
    public static readonly TimeSpan ReservationTimeout = TimeSpan.FromSeconds(30);

    /// <summary>
    /// Look-ups of partner documents that are cached, including unknown ones: the working set of 20 partners, at 2 kB each. A miss costs an index look-up.
    /// </summary>
    public const int PartnerLookupsMax = 4_000;

    /// <summary>The longest time that a replica does not find a document after another one has registered it.</summary>
    public static readonly TimeSpan UnknownDocumentFor = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The longest time that a replica caches an account's lock, stamp, roles and sign-ins. Reading them for each request would add a round
    /// trip.
    /// </summary>
    public static readonly TimeSpan StandingFor = TimeSpan.FromSeconds(1);

    /// <summary>Sign-ins whose standing is cached, at about 300 bytes each: as many as tokens.</summary>
    public const int StandingsMax = 10_000;

    /// <summary>
    /// The longest time that withdrawn rights remain in effect anywhere. While PostgreSQL is unavailable, the last known rights of an
    /// account are used for this long; after that, its requests are refused as unavailable.
    /// </summary>
    public static readonly TimeSpan RightsWithdrawnWithin = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The interval of checking the rights of all open sockets and streams. They are closed within five seconds after their rights are
    /// withdrawn, which leaves time for a slow database.
    /// </summary>
    public static readonly TimeSpan RightsCheckPeriod = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Decrypted bearer tokens that are cached, 3 kB each: as many as one replica has callers in a minute. A token that was evicted is
    /// decrypted again.
    /// </summary>
    public const int OpenTokensMax = 10_000;

    /// <summary>The longest time that a token is accepted after its key was revoked. An expired token is refused immediately.</summary>
    public static readonly TimeSpan OpenTokenFor = TimeSpan.FromMinutes(1);

    /// <summary>Faults reported for refused documents. If there are more, these have to be fixed first.</summary>
    public const int DocumentFaultsMax = 20;

    /// <summary>
    /// How long shared caches may reuse a market response. An availability this old is no worse than one that was read just before someone rented.
    /// </summary>
    public const int MarketAgeSeconds = 3;

    /// <summary>What a rental's segments and timeline are counted as: most have one or two. At most 1,000 are returned (<c>RentalHistory</c>).</summary>
    public const int SegmentsAssumed = 4;

    /// <summary>
    /// What the machines on a whole node are counted as: large nodes have some tens of slices. There are never more machines than slices, at most 1,000.
    /// </summary>
    public const int MachinesAssumed = 16;

    /// <summary>Reservations in one answer: more than an account can have with the settings that we expect.</summary>
    public const int ReservationsMax = 100;

    /// <summary>What a list of reservations is counted as: as many as an account may have by default.</summary>
    public const int ReservationsAssumed = 3;

    /// <summary>Entities in one snapshot message: about 250 kB of JSON, so that a slow phone can show the first ones soon.</summary>
    public const int SnapshotPageMax = 500;

    /// <summary>Entities in a snapshot. Dashboards show fewer; clients that need more can page through the query.</summary>
    public const int SnapshotMax = 10_000;

    /// <summary>IDs in one call that marks notifications as read: as many as a page has. More are marked with <c>upTo</c>.</summary>
    public const int NotificationsMarkedMax = 100;

    /// <summary>Days in one file of a wallet: a leap year. A longer time is more than one file.</summary>
    public const int WalletFileDaysMax = 366;

    /// <summary>Rows of such a file that are read at once: some 300 kB in memory, whatever the file's length and however slow its reader.</summary>
    public const int WalletFilePage = 1_000;

    /// <summary>One event of the payment provider: theirs have some kilobytes.</summary>
    public const int PaymentEventBytesMax = 256 * 1024;

    /// <summary>After this long without a match, a stream sends its position, so that an idle subscriber can resume too.</summary>
    public static readonly TimeSpan BookmarkInterval = TimeSpan.FromSeconds(15);
}
