using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Topics within this process. Messages of one sender reach each subscriber in the order in which they were sent.</summary>
internal sealed class InMemoryTopics(int bufferCapacity) : ITopicEventSender, ITopicEventReceiver
{
    private readonly ConcurrentDictionary<string, Topic> topics = new(StringComparer.Ordinal);

    public ValueTask SendAsync<TMessage>(string topicName, TMessage message, CancellationToken cancellation = default) where TMessage : notnull
    {
        if (topics.TryGetValue(topicName, out Topic? topic))
            topic.Offer(message);
        return ValueTask.CompletedTask;
    }

    public ValueTask CompleteAsync(string topicName)
    {
        if (topics.TryGetValue(topicName, out Topic? topic))
            topic.End();
        return ValueTask.CompletedTask;
    }

    public ValueTask<ISourceStream<TMessage>> SubscribeAsync<TMessage>(string topicName, CancellationToken cancellation = default) where TMessage : notnull
    {
        while (true)
        {
            Topic topic = topics.GetOrAdd(topicName, static (name, all) => new Topic(name, all), topics);
            var stream = new TopicStream<TMessage>(topic, bufferCapacity);
            if (topic.TryAdd(stream))
                return ValueTask.FromResult<ISourceStream<TMessage>>(stream);
        }
    }

    /// <summary>Topics with subscribers; others take no memory.</summary>
    internal int Count => topics.Count;
}

/// <summary>
/// The subscribers of one name. A topic is never used again after its last subscriber has left; the next subscriber creates a new one.
/// </summary>
internal sealed class Topic(string name, ConcurrentDictionary<string, Topic> all)
{
    private readonly Lock gate = new();
    private ImmutableArray<ITopicStream> streams = [];
    private bool isGone;

    public bool TryAdd(ITopicStream stream)
    {
        lock (gate)
        {
            if (!isGone)
                streams = streams.Add(stream);
            return !isGone;
        }
    }

    public void Remove(ITopicStream stream)
    {
        lock (gate)
        {
            streams = streams.Remove(stream);
            isGone = streams.IsEmpty;
            if (isGone)
                all.TryRemove(KeyValuePair.Create(name, this));
        }
    }

    public void Offer(object message)
    {
        foreach (ITopicStream stream in Current())
            stream.Offer(message);
    }

    public void End()
    {
        foreach (ITopicStream stream in Current())
            stream.End(null);
    }

    private ImmutableArray<ITopicStream> Current()
    {
        lock (gate)
            return streams;
    }
}
