using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Sends events to the subscribers of a topic in this process.</summary>
public interface ITopicEventSender
{
    /// <summary>Never waits for a subscriber: one whose buffer is full is notified and closed.</summary>
    ValueTask SendAsync<TMessage>(string topicName, TMessage message, CancellationToken cancellation = default) where TMessage : notnull;

    /// <summary>Ends the streams of all subscribers of the topic once they have read what was sent.</summary>
    ValueTask CompleteAsync(string topicName);
}

/// <summary>Listens to topics.</summary>
public interface ITopicEventReceiver
{
    /// <summary>Receives every message of the type that is sent after this returns.</summary>
    ValueTask<ISourceStream<TMessage>> SubscribeAsync<TMessage>(string topicName, CancellationToken cancellation = default) where TMessage : notnull;
}

/// <summary>The messages of one subscriber. Disposing it unsubscribes.</summary>
public interface ISourceStream<out TMessage> : IAsyncDisposable
{
    /// <summary>May be enumerated once; ending the enumeration unsubscribes.</summary>
    /// <exception cref="GraphQLException">The reader fell behind by more than its buffer.</exception>
    IAsyncEnumerable<TMessage> ReadEventsAsync();
}
