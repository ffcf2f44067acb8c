using System.Net.WebSockets;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>Every close code, and what does not close a socket.</summary>
public sealed class SocketCloseTests
{
    private const string Init = """{"type":"connection_init"}""";

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"type":"start","id":"1"}""")]
    [InlineData("""{"type":7}""")]
    [InlineData("""{"type":"ping"} {}""")]
    [InlineData("""{"type":"ping","payload":"x"}""")]
    [InlineData("""{"type":"connection_init","payload":[]}""")]
    [InlineData("""{"type":"complete"}""")]
    [InlineData("""{"type":"complete","id":""}""")]
    [InlineData("""{"type":"complete","id":7}""")]
    [InlineData("""{"type":"subscribe","payload":{"query":"{ hello }"}}""")]
    [InlineData("""{"type":"subscribe","id":"1"}""")]
    [InlineData("""{"type":"subscribe","id":"1","payload":{}}""")]
    [InlineData("""{"type":"subscribe","id":"1","payload":{"query":7}}""")]
    [InlineData("""{"type":"subscribe","id":"1","payload":{"query":"{ hello }","variables":"x"}}""")]
    [InlineData("""{"type":"subscribe","id":"1","payload":{"query":"{ hello }","operationName":{}}}""")]
    [InlineData("""{"type":"subscribe","id":"\ud800","payload":{"query":"{ hello }"}}""")]
    public async Task An_invalid_message_closes_with_4400(string message)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SendAsync(message);

        (int code, string reason) = await client.ReceiveCloseAsync();
        Assert.Equal(4400, code);
        Assert.StartsWith("Invalid message: ", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_binary_message_closes_with_4400()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SendAsync("""{"type":"ping"}""", WebSocketMessageType.Binary);

        Assert.Equal(4400, (await client.ReceiveCloseAsync()).Code);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(257)]
    public async Task An_id_over_its_limit_closes_with_4400(int length)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync(new string('i', length), "{ hello }");

        if (length <= 256)
            Assert.Contains("hello", await client.ReceiveAsync(), StringComparison.Ordinal);
        else
            Assert.Equal(4400, (await client.ReceiveCloseAsync()).Code);
    }

    [Theory]
    [InlineData(65_536)]
    [InlineData(65_537)]
    public async Task A_message_over_64_KiB_closes_with_1009(int length)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SendAsync("""{"type":"ping"}""".PadRight(length));

        if (length <= 65_536)
            Assert.Equal("""{"type":"pong"}""", await client.ReceiveAsync());
        else
            Assert.Equal((1009, "MESSAGE_TOO_BIG"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Subscribing_before_the_acknowledgement_closes_with_4401()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.ConnectAsync(server);

        await client.SubscribeAsync("1", "{ hello }");

        Assert.Equal((4401, "Unauthorized"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task Subscribing_while_the_connection_is_being_decided_closes_with_4401_and_cancels_the_decision()
    {
        var interceptor = new Interceptor();
        await using TransportServer server = await StartAsync(interceptor);
        using SocketClient client = await SocketClient.ConnectAsync(server);

        await client.SendAsync(Init);
        await client.SubscribeAsync("1", "{ hello }");

        Assert.Equal(4401, (await client.ReceiveCloseAsync()).Code);
        await interceptor.Cancelled.WithinDeadlineAsync();
    }

    [Fact]
    public async Task A_refused_connection_closes_with_4403()
    {
        var interceptor = new Interceptor();
        interceptor.Decide(ConnectionStatus.Reject());
        await using TransportServer server = await StartAsync(interceptor);
        using SocketClient client = await SocketClient.ConnectAsync(server);

        await client.SendAsync("""{"type":"connection_init","payload":{"authorization":"Bearer no"}}""");

        Assert.Equal((4403, "Forbidden"), await client.ReceiveCloseAsync());
        Assert.Equal("Bearer no", interceptor.Payload.GetProperty("authorization").GetString());
    }

    [Fact]
    public async Task An_accepted_connection_runs_its_operations_as_the_user()
    {
        var executor = new StubExecutor();
        var interceptor = new Interceptor();
        interceptor.Decide(ConnectionStatus.Accept(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada")], "test"))));
        await using TransportServer server = await StartAsync(interceptor, executor);
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("1", "{ hello }");
        await client.ReceiveAsync();

        Assert.Equal("ada", Assert.Single(executor.Requests).User.Identity?.Name);
        Assert.Equal(JsonValueKind.Undefined, interceptor.Payload.ValueKind);
    }

    [Fact]
    public async Task The_socket_closes_with_4403_when_the_token_expires_and_not_before()
    {
        var interceptor = new Interceptor();
        await using TransportServer server = await StartAsync(interceptor);
        DateTimeOffset expiresAt = server.Clock.GetUtcNow() + TimeSpan.FromSeconds(10);
        interceptor.Decide(ConnectionStatus.Accept(new ClaimsPrincipal(), expiresAt));
        using SocketClient client = await SocketClient.OpenAsync(server);
        await Until.TrueAsync(() => server.Clock.ArmedTimerCount == 2); // Ping and expiry.

        server.Clock.Advance(TimeSpan.FromSeconds(9.9));
        await client.SendAsync("""{"type":"ping"}""");
        Assert.Equal("""{"type":"pong"}""", await client.ReceiveAsync());
        server.Clock.Advance(TimeSpan.FromSeconds(0.1));

        Assert.Equal((4403, "Forbidden: token expired"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_token_that_expires_after_days_is_not_forgotten()
    {
        var interceptor = new Interceptor();
        await using TransportServer server = await StartAsync(
            interceptor, configure: options => options.PingInterval = options.PongTimeout = TimeSpan.FromDays(100));
        interceptor.Decide(ConnectionStatus.Accept(new ClaimsPrincipal(), server.Clock.GetUtcNow() + TimeSpan.FromDays(60)));
        using SocketClient client = await SocketClient.OpenAsync(server);
        await Until.TrueAsync(() => server.Clock.ArmedTimerCount == 2);

        server.Clock.Advance(TimeSpan.FromDays(60));

        Assert.Equal(4403, (await client.ReceiveCloseAsync()).Code);
    }

    [Fact]
    public async Task An_expired_token_closes_with_4403_at_once()
    {
        var interceptor = new Interceptor();
        await using TransportServer server = await StartAsync(interceptor);
        interceptor.Decide(ConnectionStatus.Accept(new ClaimsPrincipal(), server.Clock.GetUtcNow()));
        using SocketClient client = await SocketClient.OpenAsync(server);

        Assert.Equal(4403, (await client.ReceiveCloseAsync()).Code);
    }

    [Fact]
    public async Task A_decision_that_is_temporarily_impossible_closes_with_1013()
    {
        var interceptor = new Interceptor();
        interceptor.Decide(ConnectionStatus.TryLater());
        await using TransportServer server = await StartAsync(interceptor);
        using SocketClient client = await SocketClient.ConnectAsync(server);

        await client.SendAsync(Init);

        Assert.Equal((1013, "UNAVAILABLE"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_decision_that_fails_closes_with_4500()
    {
        var interceptor = new Interceptor();
        interceptor.Fail(new InvalidOperationException("secret"));
        await using TransportServer server = await StartAsync(interceptor);
        using SocketClient client = await SocketClient.ConnectAsync(server);

        await client.SendAsync(Init);

        Assert.Equal((4500, "Internal server error"), await client.ReceiveCloseAsync());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("graphql-ws")]
    public async Task An_unsupported_sub_protocol_closes_with_4406(string? protocol)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        // A client that offered another protocol would itself refuse a server that chooses none, so this one is hand-written.
        using var client = await RawSocket.ConnectAsync(server, protocol);

        Assert.Equal((4406, "Subprotocol not acceptable"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_initialize_is_closed_with_4408()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.ConnectAsync(server);
        await Until.TrueAsync(() => server.Clock.ArmedTimerCount == 2); // Initialisation and ping.

        server.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal((4408, "Connection initialisation timeout"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_client_that_does_not_respond_to_pings_is_closed_with_4408()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.OpenAsync(server);

        server.Clock.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal("""{"type":"ping"}""", await client.ReceiveAsync());
        await client.SendAsync("""{"type":"pong"}""");
        await client.SendAsync("""{"type":"ping"}""");
        Assert.Equal("""{"type":"pong"}""", await client.ReceiveAsync()); // Now the server has read the pong.
        server.Clock.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("""{"type":"ping"}""", await client.ReceiveAsync());
        server.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((4408, "Pong timeout"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task An_id_that_is_in_use_closes_with_4409()
    {
        var executor = new StubExecutor();
        executor.AnswerNever("{ wait }");
        await using TransportServer server = await TransportServer.StartAsync(executor);
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("one", "{ wait }");
        await client.SubscribeAsync("one", "{ hello }");

        Assert.Equal((4409, "Subscriber for one already exists"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_long_id_in_use_is_cut_to_fit_the_close_frame()
    {
        var executor = new StubExecutor();
        executor.AnswerNever("{ wait }");
        await using TransportServer server = await TransportServer.StartAsync(executor);
        using SocketClient client = await SocketClient.OpenAsync(server);
        string id = string.Concat(Enumerable.Repeat("🏃", 100));

        await client.SubscribeAsync(id, "{ wait }");
        await client.SubscribeAsync(id, "{ hello }");

        (int code, string reason) = await client.ReceiveCloseAsync();
        Assert.Equal(4409, code);
        Assert.StartsWith("Subscriber for 🏃", reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_initialisation_closes_with_4429()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SendAsync(Init);

        Assert.Equal((4429, "Too many initialisation requests"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_second_initialisation_while_the_first_is_being_decided_closes_with_4429()
    {
        await using TransportServer server = await StartAsync(new Interceptor());
        using SocketClient client = await SocketClient.ConnectAsync(server);

        await client.SendAsync(Init);
        await client.SendAsync(Init);

        Assert.Equal(4429, (await client.ReceiveCloseAsync()).Code);
    }

    [Fact]
    public async Task A_server_that_shuts_down_closes_with_1012_and_a_retry_delay()
    {
        var executor = new StubExecutor();
        (Task begun, Task cancelled) = executor.AnswerNever("{ wait }");
        await using TransportServer server = await TransportServer.StartAsync(executor);
        using SocketClient client = await SocketClient.OpenAsync(server);
        await client.SubscribeAsync("1", "{ wait }");
        await begun.WithinDeadlineAsync();

        Task stopping = server.StopAsync();
        (int code, string reason) = await client.ReceiveCloseAsync();

        Assert.Equal(1012, code);
        Assert.Matches("^SERVICE_RESTART retryAfterMs=[0-9]{1,4}$", reason);
        await cancelled.WithinDeadlineAsync();
        await stopping.WithinDeadlineAsync();
    }

    private static Task<TransportServer> StartAsync(
        Interceptor interceptor, StubExecutor? executor = null, Action<GraphQLTransportOptions>? configure = null) =>
        TransportServer.StartAsync(executor ?? new StubExecutor(), configure, services => services.AddSingleton<ISocketSessionInterceptor>(interceptor));

    /// <summary>Returns the decision that the test set, as soon as it is set.</summary>
    private sealed class Interceptor : ISocketSessionInterceptor
    {
        private readonly TaskCompletionSource<ConnectionStatus> decision = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource cancelled = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public JsonElement Payload { get; private set; }
        public Task Cancelled => cancelled.Task;

        public void Decide(ConnectionStatus status) => decision.SetResult(status);
        public void Fail(Exception exception) => decision.SetException(exception);

        public async ValueTask<ConnectionStatus> OnConnectAsync(HttpContext context, JsonElement payload, CancellationToken cancellation)
        {
            Payload = payload;
            try
            {
                return await decision.Task.WaitAsync(cancellation);
            }
            catch (OperationCanceledException)
            {
                cancelled.SetResult();
                throw;
            }
        }
    }
}
