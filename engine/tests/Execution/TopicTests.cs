using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class TopicTests
{
    private readonly InMemoryTopics topics = new(bufferCapacity: 4);

    [Fact]
    public async Task Each_subscriber_hears_its_topic_in_order_from_when_it_subscribed()
    {
        await topics.SendAsync("t", 0);
        ISourceStream<int> early = await topics.SubscribeAsync<int>("t");
        await topics.SendAsync("t", 1);
        ISourceStream<int> late = await topics.SubscribeAsync<int>("t");
        await topics.SendAsync("other", 9);
        await topics.SendAsync("t", 2);
        await topics.CompleteAsync("t");

        Assert.Equal([1, 2], await ReadAll(early));
        Assert.Equal([2], await ReadAll(late));
        Assert.Equal(0, topics.Count);
    }

    [Fact]
    public async Task A_reader_that_falls_behind_gets_the_buffered_events_and_an_error()
    {
        ISourceStream<int> slow = await topics.SubscribeAsync<int>("t");
        ISourceStream<int> other = await topics.SubscribeAsync<int>("t");
        await using IAsyncEnumerator<int> reader = other.ReadEventsAsync().GetAsyncEnumerator();

        for (int number = 1; number <= 10; number++)
        {
            await topics.SendAsync("t", number);
            Assert.True(await reader.MoveNextAsync());
            Assert.Equal(number, reader.Current);
        }

        var subscriber = new List<int>();
        GraphQLException fellBehind = await Assert.ThrowsAsync<GraphQLException>(async () =>
        {
            await foreach (int number in slow.ReadEventsAsync())
                subscriber.Add(number);
        });
        Assert.Equal([1, 2, 3, 4], subscriber);
        Assert.Equal("topicBuffer", fellBehind.Errors[0].Extensions["limit"]);
    }

    [Fact]
    public async Task A_topic_without_listeners_takes_no_memory()
    {
        ISourceStream<string> one = await topics.SubscribeAsync<string>("t");
        ISourceStream<string> two = await topics.SubscribeAsync<string>("t");
        Assert.Equal(1, topics.Count);

        await one.DisposeAsync();
        await two.DisposeAsync();
        await topics.SendAsync("t", "x");

        Assert.Equal(0, topics.Count);
        ISourceStream<string> three = await topics.SubscribeAsync<string>("t");
        await topics.SendAsync("t", "y");
        await topics.CompleteAsync("t");
        Assert.Equal(["y"], await ReadAll(three));
    }

    private static async Task<List<T>> ReadAll<T>(ISourceStream<T> stream)
    {
        var messages = new List<T>();
        await foreach (T message in stream.ReadEventsAsync())
            messages.Add(message);
        return messages;
    }
}
