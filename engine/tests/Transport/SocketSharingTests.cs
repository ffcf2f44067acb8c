using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Tests.Execution;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>What many subscribers receive at once, over real sockets.</summary>
public sealed class SocketSharingTests
{
    private const string Sdl = """
        type Query { hello: String }
        type Subscription { onNumber: Number! }
        type Number { value: Int! pad: String! }
        """;

    private readonly NumberLog log = new();
    private readonly TestEngine engine;

    public SocketSharingTests() => engine = new TestEngine(Sdl, builder => builder
        .Subscribe("Subscription.onNumber", _ => new(log.Follow(0)))
        .ResolvePure("Number.pad", _ => new string('x', 10_000)));

    private SharedCounters Counters => engine.Executor.Groups.Counters;

    [Fact]
    public async Task Each_socket_and_operation_receives_the_same_under_its_own_id()
    {
        await using TransportServer server = await TransportServer.StartAsync(engine.Executor);
        using SocketClient one = await SocketClient.OpenAsync(server), other = await SocketClient.OpenAsync(server);
        string[] ids = ["1", "ü \"quoted\" \\", Guid.NewGuid().ToString()];
        foreach (string id in ids)
            await one.SubscribeAsync(id, "subscription { onNumber { value } }");
        await other.SubscribeAsync("1", "subscription { onNumber { value } }");
        await Until.TrueAsync(() => Counters.SubscriberCount == 4);

        for (int number = 1; number <= 3; number++)
        {
            log.Write();
            log.Deliver();
            string[] received = [await one.ReceiveAsync(), await one.ReceiveAsync(), await one.ReceiveAsync()];
            Assert.Equal(ids.Order(StringComparer.Ordinal), received.Select(Id).Order(StringComparer.Ordinal));
            Assert.All(received.Append(await other.ReceiveAsync()), text => Assert.Equal(number, Value(text)));
        }

        Assert.Equal(3, Counters.EvaluationCount);
    }

    [Fact]
    public async Task A_completed_operation_receives_nothing_more_and_the_others_do()
    {
        await using TransportServer server = await TransportServer.StartAsync(engine.Executor);
        using SocketClient client = await SocketClient.OpenAsync(server);
        await client.SubscribeAsync("1", "subscription { onNumber { value } }");
        await client.SubscribeAsync("2", "subscription { onNumber { value } }");
        await Until.TrueAsync(() => Counters.SubscriberCount == 2);

        await client.SendAsync("""{"id":"1","type":"complete"}""");
        await Until.TrueAsync(() => Counters.SubscriberCount == 1);
        log.Write(count: 2);
        log.Deliver();

        Assert.Equal(["2", "2"], [Id(await client.ReceiveAsync()), Id(await client.ReceiveAsync())]);
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_closed_and_does_not_hold_up_others()
    {
        await using TransportServer server = await TransportServer.StartAsync(engine.Executor, options => options.MaxQueuedMessages = 20);
        using RawSocket stuck = await RawSocket.ConnectAsync(server, "graphql-transport-ws");
        await stuck.SendAsync("""{"type":"connection_init"}""");
        await stuck.ReceiveAsync();
        await stuck.SendAsync("""{"id":"1","type":"subscribe","payload":{"query":"subscription{onNumber{value pad}}"}}""");
        using SocketClient other = await SocketClient.OpenAsync(server);
        await other.SubscribeAsync("1", "subscription{onNumber{value pad}}");
        await Until.TrueAsync(() => Counters.SubscriberCount == 2);

        for (int number = 1; Counters.SubscriberCount == 2; number++)
        {
            Assert.InRange(number, 1, 10_000);
            log.Write();
            log.Deliver();
            Assert.Equal(number, Value(await other.ReceiveAsync()));
        }
        // Falling behind, it continues alone, and waits for room for the grace period.
        await Until.TrueAsync(() => server.Clock.ArmedTimerCount == 3);
        server.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal((1013, "SLOW_CONSUMER"), await stuck.ReceiveCloseAsync());
    }

    [Fact]
    public async Task A_client_that_finally_reads_gets_everything_in_order()
    {
        await using TransportServer server = await TransportServer.StartAsync(engine.Executor, options => options.MaxQueuedMessages = 20);
        using RawSocket late = await RawSocket.ConnectAsync(server, "graphql-transport-ws");
        await late.SendAsync("""{"type":"connection_init"}""");
        await late.ReceiveAsync();
        await late.SendAsync("""{"id":"1","type":"subscribe","payload":{"query":"subscription{onNumber{value pad}}"}}""");
        await Until.TrueAsync(() => Counters.SubscriberCount == 1);

        int written = 0;
        while (Counters.SubscriberCount == 1)
        {
            log.Write();
            log.Deliver();
            written++;
            await Until.TrueAsync(() => Counters.SubscriberCount == 0 || Counters.EvaluationCount == written);
        }

        for (int number = 1; number <= written; number++)
            Assert.Equal(number, Value(Encoding.UTF8.GetString((await late.ReceiveAsync()).Payload)));
    }

    private static string Id(string message) => JsonDocument.Parse(message).RootElement.GetProperty("id").GetString()!;

    private static int Value(string message)
    {
        JsonElement root = JsonDocument.Parse(message).RootElement;
        Assert.Equal("next", root.GetProperty("type").GetString());
        return root.GetProperty("payload").GetProperty("data").GetProperty("onNumber").GetProperty("value").GetInt32();
    }
}
