using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The bounded buffer of one subscriber.</summary>
internal sealed class TopicStream<TMessage>(Topic topic, int capacity) : ITopicStream, ISourceStream<TMessage> where TMessage : notnull
{
    private readonly Channel<TMessage> channel = Channel.CreateBounded<TMessage>(new BoundedChannelOptions(capacity) { SingleReader = true });

    public void Offer(object message)
    {
        if (message is TMessage typed && !channel.Writer.TryWrite(typed))
            End(FellBehind());
    }

    public void End(Exception? reason)
    {
        topic.Remove(this);
        channel.Writer.TryComplete(reason);
    }

    public async IAsyncEnumerable<TMessage> ReadEventsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await using (this)
        {
            await foreach (TMessage message in channel.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
                yield return message;
        }
    }

    public IAsyncEnumerable<TMessage> ReadEventsAsync() => ReadEventsAsync(CancellationToken.None);

    public ValueTask DisposeAsync()
    {
        End(null);
        return ValueTask.CompletedTask;
    }

    private GraphQLException FellBehind() => new(new GraphQLError("The subscription fell behind and was closed; subscribe again.", ErrorCodes.SlowConsumer)
    {
        Extensions = new Dictionary<string, object?> { ["limit"] = "topicBuffer", ["max"] = capacity },
    });
}

/// <summary>A subscriber as its topic sees it.</summary>
internal interface ITopicStream
{
    void Offer(object message);
    void End(Exception? reason);
}
