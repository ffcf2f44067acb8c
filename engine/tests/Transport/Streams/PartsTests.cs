using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Tests.Transport.Streams;

/// <summary>Streams as <c>multipart/mixed</c> and as <c>application/jsonl</c>, byte by byte.</summary>
public sealed class PartsTests
{
    private const string Tick = "subscription { tick }";
    private const string Subscription = "multipart/mixed;boundary=graphql;subscriptionSpec=1.0";
    private const string Head = "\r\nContent-Type: application/json; charset=utf-8\r\n\r\n";

    [Fact]
    public async Task Each_result_is_a_part_that_includes_its_closing_boundary()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.To(2)));

        using StreamClient client = await StreamClient.PostAsync(server, Tick, "multipart/mixed");

        Assert.Equal("multipart/mixed; boundary=\"-\"", client.Header("Content-Type"));
        Assert.Equal(
            $$$$"""{{{{"\r\n"}}}}---{{{{Head}}}}{"data":{"tick":1}}{{{{"\r\n"}}}}---{{{{Head}}}}{"data":{"tick":2}}{{{{"\r\n"}}}}-----{{{{"\r\n"}}}}""",
            await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_part_is_complete_before_the_next_one_is_sent()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.OnceThenWait()));

        using StreamClient client = await StreamClient.PostAsync(server, Tick, "multipart/mixed");

        Assert.EndsWith("}}\r\n---", await client.ReadUntilAsync("}}\r\n---"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_of_a_subscription_are_payloads_for_clients_that_ask_for_it()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.To(1)));

        using StreamClient client = await StreamClient.PostAsync(server, Tick, Subscription);

        Assert.Equal("multipart/mixed; boundary=\"graphql\"; subscriptionSpec=1.0", client.Header("Content-Type"));
        Assert.Equal(
            $$$$"""{{{{"\r\n"}}}}--graphql{{{{Head}}}}{"payload":{"data":{"tick":1}}}{{{{"\r\n"}}}}--graphql--{{{{"\r\n"}}}}""", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_quiet_subscription_sends_empty_parts_to_clients_that_know_them()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.OnceThenWait()));
        using StreamClient client = await StreamClient.PostAsync(server, Tick, Subscription);
        await client.ReadUntilAsync("}}}\r\n--graphql");

        await Until.TrueAsync(() => server.Clock.ArmedTimerCount > 0);
        server.Clock.Advance(TimeSpan.FromSeconds(15));

        Assert.EndsWith($"{Head}{{}}\r\n--graphql", await client.ReadUntilAsync("{}\r\n--graphql"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_a_connection_is_an_error_of_the_transport()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.OnceThenWait()));
        using StreamClient client = await StreamClient.PostAsync(server, Tick, Subscription);
        await client.ReadUntilAsync("}}}\r\n--graphql");

        Task stopping = server.StopAsync();
        string text = await client.ReadToEndAsync();

        Assert.Contains("""{"payload":null,"errors":[{"message":"The server is shutting down.""", text, StringComparison.Ordinal);
        Assert.EndsWith("\r\n--graphql--\r\n", text, StringComparison.Ordinal);
        await stopping.WithinDeadlineAsync();
    }

    [Fact]
    public async Task Each_result_is_a_line()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.To(2)));

        using StreamClient client = await StreamClient.PostAsync(server, Tick, "application/jsonl");

        Assert.Equal("application/jsonl; charset=utf-8", client.Header("Content-Type"));
        Assert.Equal("{\"data\":{\"tick\":1}}\n{\"data\":{\"tick\":2}}\n", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task A_failing_source_ends_lines_and_parts_with_its_error()
    {
        foreach (string accept in (string[])["application/jsonl", "multipart/mixed", Subscription])
        {
            await using TransportServer server = await TransportServer.StartAsync(
                new StubExecutor().Answer(Tick, new StubStream(AsyncEnumerable.Empty<string>().Concat(Throwing()))));
            using StreamClient client = await StreamClient.PostAsync(server, Tick, accept);
            Assert.Contains("\"code\":\"FORBIDDEN\"", await client.ReadToEndAsync(), StringComparison.Ordinal);
        }

        static async IAsyncEnumerable<string> Throwing()
        {
            await Task.CompletedTask;
            yield return "{}";
            throw new GraphQLException("Not you.", ErrorCodes.Forbidden);
        }
    }

    private static Task<TransportServer> StartAsync(StubStream stream) => TransportServer.StartAsync(new StubExecutor().Answer(Tick, stream));
}
