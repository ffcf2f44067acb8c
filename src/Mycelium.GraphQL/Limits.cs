using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL;

/// <summary>The numbers that bound a request or a stream here; those of the engine are <c>RequestOptions</c>, <c>ParserOptions</c> and <c>GraphQLTransportOptions</c>.</summary>
public static class Limits
{
    /// <summary>10 s: the slowest honest query takes under one; PostgreSQL's own statement time-out is shorter, so this is what a client waits at most.</summary>
    public static readonly TimeSpan ExecutionTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What an operation, or a batch, of an anonymous caller may cost. The costliest page of the market with node, farm and the node's other combinations has a
    /// field cost under 500 and a type cost under 1 500; a whole snapshot with node and farm 1 100 and 1 600. Lists in lists in lists are what is over it.
    /// </summary>
    public static readonly CostLimits AnonymousCost = new(MaxFieldCost: 2_000, MaxTypeCost: 5_000);

    /// <summary>Of somebody who has signed in: twice as much, since whoever abuses it is known.</summary>
    public static readonly CostLimits AccountCost = new(MaxFieldCost: 4_000, MaxTypeCost: 10_000);

    /// <summary>Of a partner's server, which asks for many customers at once: ten times a frontend's.</summary>
    public static readonly CostLimits PartnerCost = new(MaxFieldCost: 20_000, MaxTypeCost: 50_000);

    /// <summary>Of an operator, who looks at everything; still nothing that fills the memory: some 100 MB of JSON.</summary>
    public static readonly CostLimits OperatorCost = new(MaxFieldCost: 100_000, MaxTypeCost: 250_000);

    /// <summary>1, 2, 4, 8, 16 and 32 base slices: a node has as many combinations at most, all but the largest nodes fewer.</summary>
    public const int CombinationsPerNode = 6;

    /// <summary>The largest machines of the grid have 8 graphics cards.</summary>
    public const int GpusPerNode = 8;

    /// <summary>A snapshot message has at most so many entities: some 250 kB of JSON, so that a slow phone shows the first ones soon.</summary>
    public const int SnapshotPageMax = 500;

    /// <summary>A snapshot has at most so many entities; a dashboard shows fewer, and who wants more pages through the query.</summary>
    public const int SnapshotMax = 10_000;

    /// <summary>Without a match for so long, a stream tells where it is, so that a quiet subscriber can resume too.</summary>
    public static readonly TimeSpan BookmarkInterval = TimeSpan.FromSeconds(15);

    /// <summary>3 s for which caches may give a market answer to others: an availability that old is one that a caller could have read while somebody rented.</summary>
    public const int MarketAgeSeconds = 3;

    /// <summary>
    /// 4,000 documents of partners kept in memory, unknown ones among them: the working set of 20 partners, at 2 kB each; a document beyond them costs one
    /// look at an index.
    /// </summary>
    public const int PartnerLookupsMax = 4_000;

    /// <summary>1 s: the longest that one replica goes on saying there is no such document after another has registered it.</summary>
    public static readonly TimeSpan UnknownDocumentFor = TimeSpan.FromSeconds(1);

    /// <summary>20 faults of refused documents are told; who has more mends those first.</summary>
    public const int DocumentFaultsMax = 20;

    /// <summary>1 MiB and a little: the endpoint itself answers what is above 1 MiB, with a GraphQL error; this bounds all the others.</summary>
    public const int RequestBytesMax = (1024 + 64) * 1024;

    /// <summary>10 s for the headers of a request: Kestrel's 30 s let a few clients that drip bytes keep many connections.</summary>
    public static readonly TimeSpan RequestHeadersTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Sockets of one replica: each may make 1 MiB wait for it, and this many still fit into memory.</summary>
    public const int SocketsMax = 10_000;

    /// <summary>64 KiB may lie in the kernel for one connection. A reader that stops is then noticed within a few messages.</summary>
    public const int SendBufferBytes = 64 * 1024;
}
