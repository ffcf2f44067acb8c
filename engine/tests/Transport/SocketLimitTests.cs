using System.Text;
using System.Threading.Channels;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>Limits on operations and on the send queue: a client that exceeds them only affects itself.</summary>
public sealed class SocketLimitTests
{
    private const string Flood = "subscription { flood }";
    /// <summary>More than the kernel buffers for a connection: the first of these is stuck until the client reads.</summary>
    private static readonly string Megabytes = $"\"{new string('x', 16_000_000)}\"";

    [Fact]
    public async Task One_operation_over_the_limit_is_refused_and_the_others_continue()
    {
        var executor = new StubExecutor();
        executor.AnswerNever("{ wait }");
        await using TransportServer server = await TransportServer.StartAsync(executor);
        using SocketClient client = await SocketClient.OpenAsync(server);

        for (int id = 0; id < 20; id++)
            await client.SubscribeAsync($"{id}", "{ wait }");
        await client.SubscribeAsync("20", "{ hello }");
        string refused = await client.ReceiveAsync();
        await client.SendAsync("""{"id":"7","type":"complete"}""");
        await client.SubscribeAsync("20", "{ hello }");

        Assert.StartsWith("""{"id":"20","type":"error","payload":[{"message":"This socket already has 20 operations""", refused, StringComparison.Ordinal);
        Assert.Contains(""""code":"LIMIT_EXCEEDED","limit":"MaxOperationsPerSocket","max":20"""", refused, StringComparison.Ordinal);
        Assert.Equal("""{"id":"20","type":"next","payload":{"data":{"hello":"world"}}}""", await client.ReceiveAsync());
    }

    [Fact]
    public async Task Operations_that_were_stopped_but_do_not_end_count_eventually()
    {
        var never = new TaskCompletionSource<Response.ExecutionResult>();
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor().Answer("{ deaf }", (_, _) => new(never.Task)));
        using SocketClient client = await SocketClient.OpenAsync(server);

        for (int id = 0; id < 40; id++)
        {
            await client.SubscribeAsync($"{id}", "{ deaf }");
            await client.SendAsync($$"""{"id":"{{id}}","type":"complete"}""");
        }
        await client.SubscribeAsync("more", "{ hello }");

        Assert.Contains("LIMIT_EXCEEDED", await client.ReceiveAsync(), StringComparison.Ordinal);
        never.SetResult(StubResult.Data("1"));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_closed_with_1013_after_the_grace_period()
    {
        var stream = new StubStream(Repeat(Megabytes));
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor().Answer(Flood, stream));
        using RawSocket client = await OpenRawAsync(server);
        await SubscribeUntilStuckAsync(client, server);

        server.Clock.Advance(TimeSpan.FromSeconds(5));
        await stream.Ended.WithinDeadlineAsync();

        Assert.Equal((1013, "SLOW_CONSUMER"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_client_that_stops_reading_is_disconnected()
    {
        var stream = new StubStream(Repeat(Megabytes));
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor().Answer(Flood, stream));
        using RawSocket client = await OpenRawAsync(server);
        await SubscribeUntilStuckAsync(client, server);

        server.Clock.Advance(TimeSpan.FromSeconds(5));
        await stream.Ended.WithinDeadlineAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(5));
        await Until.TrueAsync(() => server.Clock.ArmedTimerCount == 0); // The connection and all its timers are gone, though the client has read nothing.

        await client.ReceiveEndAsync();
    }

    [Fact]
    public async Task A_subscriber_that_falls_behind_its_source_is_closed_with_1013()
    {
        var source = Channel.CreateUnbounded<string>();
        source.Writer.Complete(new GraphQLException("fell behind", ErrorCodes.SlowConsumer));
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor().Answer("subscription { tick }", new StubStream(source.Reader.ReadAllAsync())));
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("1", "subscription { tick }");

        Assert.Equal((1013, "SLOW_CONSUMER"), await client.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_client_that_reads_in_time_loses_nothing()
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor().Answer(Flood, new StubStream(Numbers(5_000))), options => options.MaxQueuedMessages = 10);
        using RawSocket client = await OpenRawAsync(server);
        await client.SendAsync($$$"""{"id":"1","type":"subscribe","payload":{"query":"{{{Flood}}}"}}""");

        for (int number = 0; number < 5_000; number++)
        {
            (_, byte[] payload) = await client.ReceiveAsync();
            Assert.Equal($$$"""{"id":"1","type":"next","payload":{"data":{{{number}}}}}""", Encoding.UTF8.GetString(payload));
        }
    }

    [Fact]
    public async Task A_stuck_client_does_not_hold_up_others()
    {
        var source = Channel.CreateUnbounded<string>();
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor()
            .Answer(Flood, new StubStream(Repeat(Megabytes)))
            .Answer("subscription { tick }", new StubStream(source.Reader.ReadAllAsync())));
        using RawSocket stuck = await OpenRawAsync(server);
        await SubscribeUntilStuckAsync(stuck, server);

        using SocketClient other = await SocketClient.OpenAsync(server);
        await other.SubscribeAsync("1", "subscription { tick }");
        for (int number = 0; number < 100; number++)
        {
            await source.Writer.WriteAsync($"{number}");
            Assert.Equal($$$"""{"id":"1","type":"next","payload":{"data":{{{number}}}}}""", await other.ReceiveAsync());
        }
    }

    [Fact]
    public async Task A_client_that_floods_pings_without_reading_pongs_is_disconnected()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor(), options => options.MaxQueuedMessages = 100);
        using RawSocket client = await OpenRawAsync(server);

        // Sending fails once the server has aborted the connection: it closes when its queue is full, and aborts when the clock moves on.
        await Assert.ThrowsAsync<IOException>(async () =>
        {
            while (true)
            {
                await client.SendAsync("""{"type":"ping"}""").WithinDeadlineAsync();
                if (server.Clock.ArmedTimerCount == 2) // Ping, and the one that is running while the socket closes.
                    server.Clock.Advance(TimeSpan.FromSeconds(5));
            }
        });
    }

    [Fact]
    public async Task A_single_result_may_be_larger_than_the_queue()
    {
        string large = $"\"{new string('x', 3_000_000)}\"";
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor().Answer("{ large }", StubResult.Data(large)));
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("1", "{ large }");

        Assert.Equal($$$"""{"id":"1","type":"next","payload":{"data":{{{large}}}}}""", await client.ReceiveAsync());
        Assert.Equal("""{"id":"1","type":"complete"}""", await client.ReceiveAsync());
    }

    private static async Task<RawSocket> OpenRawAsync(TransportServer server)
    {
        RawSocket client = await RawSocket.ConnectAsync(server, "graphql-transport-ws");
        await client.SendAsync("""{"type":"connection_init"}""");
        await client.ReceiveAsync();
        return client;
    }

    /// <summary>Subscribes and reads nothing, until the operation waits for room.</summary>
    private static async Task SubscribeUntilStuckAsync(RawSocket client, TransportServer server)
    {
        await client.SendAsync($$$"""{"id":"1","type":"subscribe","payload":{"query":"{{{Flood}}}"}}""");
        await Until.TrueAsync(() => server.Clock.ArmedTimerCount == 2); // The timers of the ping and of the grace period.
    }

    private static async IAsyncEnumerable<string> Repeat(string data)
    {
        await Task.CompletedTask;
        while (true)
            yield return data;
    }

    private static async IAsyncEnumerable<string> Numbers(int count)
    {
        await Task.CompletedTask;
        for (int number = 0; number < count; number++)
            yield return $"{number}";
    }
}
