using System.Net.WebSockets;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

public sealed class SocketProtocolTests
{
    [Fact]
    public async Task A_query_gives_one_next_and_one_complete()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("a\"1", "{ hello }");

        Assert.Equal("graphql-transport-ws", client.Protocol);
        Assert.Equal("""{"id":"a\u00221","type":"next","payload":{"data":{"hello":"world"}}}""", await client.ReceiveAsync());
        Assert.Equal("""{"id":"a\u00221","type":"complete"}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task A_mutation_may_be_sent_over_a_socket_and_its_id_is_free_afterwards()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor().Answer("mutation { go }", StubResult.Data("1")));
        using SocketClient client = await SocketClient.OpenAsync(server);

        for (int time = 0; time < 3; time++)
        {
            await client.SubscribeAsync("1", "mutation { go }");

            Assert.Equal("""{"id":"1","type":"next","payload":{"data":1}}""", await client.ReceiveAsync());
            Assert.Equal("""{"id":"1","type":"complete"}""", await client.ReceiveAsync());
        }
    }

    [Fact]
    public async Task A_subscription_gives_each_event_and_complete_at_its_end()
    {
        var source = Channel.CreateUnbounded<string>();
        var stream = new StubStream(source.Reader.ReadAllAsync());
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor().Answer("subscription { tick }", stream));
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("1", "subscription { tick }");
        await source.Writer.WriteAsync("1");
        Assert.Equal("""{"id":"1","type":"next","payload":{"data":1}}""", await client.ReceiveAsync());
        await source.Writer.WriteAsync("2");
        Assert.Equal("""{"id":"1","type":"next","payload":{"data":2}}""", await client.ReceiveAsync());
        source.Writer.Complete();

        Assert.Equal("""{"id":"1","type":"complete"}""", await client.ReceiveAsync());
        await stream.Ended.WithinDeadlineAsync();
    }

    [Fact]
    public async Task A_request_error_ends_the_operation_and_leaves_the_socket_open()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("1", "{ nonsense");
        Assert.Equal(
            """{"id":"1","type":"error","payload":[{"message":"no such query","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}""",
            await client.ReceiveAsync());

        await client.SubscribeAsync("1", "{ hello }");
        Assert.Equal("""{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task An_internal_error_is_an_error_message_with_an_id_and_leaves_the_socket_open()
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor().Answer("{ fail }", (_, _) => throw new InvalidOperationException("Password=secret")));
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("1", "{ fail }");
        string error = await client.ReceiveAsync();

        Assert.Contains("\"code\":\"INTERNAL\",\"errorId\":", error, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error, StringComparison.Ordinal);
        await AssertOpenAsync(client);
    }

    [Fact]
    public async Task A_source_that_ends_with_its_own_error_returns_that_error()
    {
        var source = Channel.CreateUnbounded<string>();
        source.Writer.Complete(new GraphQLException("no longer yours", ErrorCodes.Forbidden));
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor().Answer("subscription { tick }", new StubStream(source.Reader.ReadAllAsync())));
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("1", "subscription { tick }");

        Assert.Equal(
            """{"id":"1","type":"error","payload":[{"message":"no longer yours","extensions":{"code":"FORBIDDEN"}}]}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Complete_from_the_client_stops_a_subscription_and_frees_its_id()
    {
        var source = Channel.CreateUnbounded<string>();
        var stream = new StubStream(source.Reader.ReadAllAsync());
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor().Answer("subscription { tick }", stream));
        using SocketClient client = await SocketClient.OpenAsync(server);
        await client.SubscribeAsync("1", "subscription { tick }");

        await client.SendAsync("""{"id":"1","type":"complete"}""");
        await stream.Ended.WithinDeadlineAsync();
        await source.Writer.WriteAsync("1");
        await client.SubscribeAsync("1", "{ hello }");

        Assert.Equal("""{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Complete_from_the_client_cancels_a_running_query()
    {
        var executor = new StubExecutor();
        (Task begun, Task cancelled) = executor.AnswerNever("{ wait }");
        await using TransportServer server = await TransportServer.StartAsync(executor);
        using SocketClient client = await SocketClient.OpenAsync(server);
        await client.SubscribeAsync("1", "{ wait }");
        await begun.WithinDeadlineAsync();

        await client.SendAsync("""{"id":"1","type":"complete"}""");

        await cancelled.WithinDeadlineAsync();
        await AssertOpenAsync(client);
    }

    [Fact]
    public async Task Closing_the_socket_cancels_everything_on_it()
    {
        var executor = new StubExecutor();
        (Task begun, Task cancelled) = executor.AnswerNever("{ wait }");
        await using TransportServer server = await TransportServer.StartAsync(executor);
        using SocketClient client = await SocketClient.OpenAsync(server);
        await client.SubscribeAsync("1", "{ wait }");
        await begun.WithinDeadlineAsync();

        await client.CloseAsync();

        await cancelled.WithinDeadlineAsync();
    }

    [Fact]
    public async Task A_connection_that_breaks_cancels_everything_on_it()
    {
        var executor = new StubExecutor();
        (Task begun, Task cancelled) = executor.AnswerNever("{ wait }");
        await using TransportServer server = await TransportServer.StartAsync(executor);
        SocketClient client = await SocketClient.OpenAsync(server);
        await client.SubscribeAsync("1", "{ wait }");
        await begun.WithinDeadlineAsync();

        client.Dispose();

        await cancelled.WithinDeadlineAsync();
    }

    [Fact]
    public async Task A_source_that_never_waits_does_not_keep_the_client_from_stopping_it()
    {
        var stream = new StubStream(Endless());
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor().Answer("subscription { flood }", stream));
        using SocketClient client = await SocketClient.OpenAsync(server);
        await client.SubscribeAsync("1", "subscription { flood }");
        await client.ReceiveAsync();

        await client.SendAsync("""{"id":"1","type":"complete"}""");
        await client.SendAsync("""{"type":"ping"}""");
        while (await client.ReceiveAsync() != """{"type":"pong"}""")
        {
            // Events that were in transit.
        }

        await stream.Ended.WithinDeadlineAsync();
    }

    [Fact]
    public async Task Pings_get_pongs_and_stray_messages_are_ignored()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SendAsync("""{"type":"pong"}""");
        await client.SendAsync("""{"id":"never started","type":"complete"}""");
        await client.SendAsync("""{"payload":{"n":1},"type":"ping","unknown":[1]}""");

        Assert.Equal("""{"type":"pong"}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Messages_may_arrive_in_pieces_and_with_the_payload_first()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SendAsync("""{"payload":{"query":"{ hel""", endOfMessage: false);
        await client.SendAsync("""lo }","variables":null},"id":"1",""", endOfMessage: false);
        await client.SendAsync("""  "type":"subscribe"}""");

        Assert.Equal("""{"id":"1","type":"next","payload":{"data":{"hello":"world"}}}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Each_operation_has_a_scope_of_its_own_that_ends_with_it()
    {
        var executor = new StubExecutor();
        executor.Answer("{ scoped }", (request, _) =>
        {
            request.Services.GetRequiredService<Scoped>();
            return new(StubResult.Data("1"));
        });
        var ended = Channel.CreateUnbounded<Scoped>();
        await using TransportServer server = await TransportServer.StartAsync(
            executor, addServices: services => services.AddScoped(_ => new Scoped(ended.Writer)));
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("1", "{ scoped }");
        await client.SubscribeAsync("2", "{ scoped }");

        Scoped first = await ended.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.NotSame(first, await ended.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("https://app.example.com", true)]
    [InlineData("https://APP.example.com", true)]
    [InlineData("https://app.example.com:8443", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task Only_pages_of_allowed_origins_may_open_a_socket(string origin, bool isAllowed)
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor(), options => options.AllowedSocketOrigins.Add("https://app.example.com/"));

        Exception? refused = await Record.ExceptionAsync(async () => (await SocketClient.ConnectAsync(server, origin: origin)).Dispose());

        Assert.Equal(isAllowed, refused is null);
        if (!isAllowed)
            Assert.Contains("403", Assert.IsType<WebSocketException>(refused).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://one.local:5173", true)]
    [InlineData("http://two.example", false)]
    public async Task A_rule_allows_origins_that_no_list_can_name(string origin, bool isAllowed)
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor(), options => options.AllowsSocketOrigin = asking => asking.StartsWith("http://one.local:", StringComparison.Ordinal));

        Exception? refused = await Record.ExceptionAsync(async () => (await SocketClient.ConnectAsync(server, origin: origin)).Dispose());

        Assert.Equal(isAllowed, refused is null);
    }

    [Fact]
    public async Task A_page_of_the_servers_own_host_may_open_a_socket()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        using SocketClient client = await SocketClient.ConnectAsync(server, origin: server.Address.GetLeftPart(UriPartial.Authority));

        Assert.Equal("graphql-transport-ws", client.Protocol);
    }

    [Fact]
    public async Task A_page_of_the_same_host_with_another_scheme_may_not()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.ConnectAsync(server, origin: $"https://{server.Address.Authority}"));
    }

    private static async Task AssertOpenAsync(SocketClient client)
    {
        await client.SendAsync("""{"type":"ping"}""");
        Assert.Equal("""{"type":"pong"}""", await client.ReceiveAsync());
    }

    private static async IAsyncEnumerable<string> Endless()
    {
        await Task.CompletedTask;
        while (true)
            yield return "1";
    }

    private sealed class Scoped(ChannelWriter<Scoped> ended) : IDisposable
    {
        public void Dispose() => ended.TryWrite(this);
    }
}
