using Mycelium.Bench.Servers;

namespace Mycelium.Bench.FanOut;

/// <summary>A side of the comparison: where its subscribers connect, and how events are published.</summary>
internal interface IPublisher : IAsyncDisposable
{
    string Name { get; }
    int ProcessId { get; }

    /// <summary>Processor time so far in microseconds: server, PostgreSQL, Redis, and this program with its clients and writers.</summary>
    Spent Spent { get; }

    /// <summary>Called before subscribers connect: they receive what is published from now on.</summary>
    Task BeginAsync();

    /// <summary>Where a subscriber of the topics connects, and the message that it sends then.</summary>
    (Uri Address, string? Subscribe) Subscription(int[] topics, int variation, int subscriber);

    /// <summary>Publishes an event to each topic, in one transaction. Returns the timestamp of the commit, from which time counts.</summary>
    Task<long> PublishAsync(int[] topics);
}
