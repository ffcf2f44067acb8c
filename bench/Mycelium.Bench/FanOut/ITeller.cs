using Mycelium.Bench.Servers;

namespace Mycelium.Bench.FanOut;

/// <summary>A side of the comparison: where its subscribers connect, and how something is told.</summary>
internal interface ITeller : IAsyncDisposable
{
    string Name { get; }
    int ProcessId { get; }

    /// <summary>Microseconds of the processors so far: server, PostgreSQL, Redis, and this program with its clients and whoever writes the changes.</summary>
    Spent Spent { get; }

    /// <summary>Called before subscribers come: they hear what is told from here on.</summary>
    Task BeginAsync();

    /// <summary>Where a subscriber of a topic connects, and what it says then.</summary>
    (Uri Address, string? Subscribe) Subscription(int[] topics, int variation, int subscriber);

    /// <summary>Tells each topic something, in one transaction. Returns when it was committed, as a timestamp: from there on the time counts.</summary>
    Task<long> TellAsync(int[] topics);
}
