using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>How many sockets, and responses in parts, one caller may have open.</summary>
public sealed class SocketQuotaTests
{
    [Fact]
    public async Task A_socket_over_the_limit_of_a_user_is_closed_and_closed_sockets_free_their_slots()
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor(), options => options.MaxSocketsPerUser = 2, services => services.AddScoped<ISocketSessionInterceptor, ByName>());
        using SocketClient first = await OpenAsync(server, "ann"), second = await OpenAsync(server, "ann");

        using SocketClient third = await SocketClient.ConnectAsync(server);
        await third.SendAsync("""{"type":"connection_init","payload":{"name":"ann"}}""");
        Assert.Equal((1013, "TOO_MANY_SOCKETS"), await third.ReceiveCloseAsync());
        using SocketClient other = await OpenAsync(server, "bob");
        await first.CloseAsync();

        using SocketClient? again = await AtLastAsync(() => OpenAsync(server, "ann"));
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Anonymous_callers_are_counted_by_address_if_configured()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor(), options => options.MaxSocketsPerAddress = 1);
        using SocketClient first = await SocketClient.OpenAsync(server);

        using SocketClient second = await SocketClient.ConnectAsync(server);
        await second.SendAsync("""{"type":"connection_init"}""");

        Assert.Equal((1013, "TOO_MANY_SOCKETS"), await second.ReceiveCloseAsync());
        await first.CloseAsync();
        using SocketClient? again = await AtLastAsync(() => SocketClient.OpenAsync(server));
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Silent_sockets_are_closed_for_new_ones_and_keep_nobody_at_their_address_out()
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor(),
            options => (options.MaxSocketsPerAddress, options.ConnectionInitTimeout) = (2, TimeSpan.FromHours(1)),
            services => services.AddScoped<ISocketSessionInterceptor, ByName>());
        using SocketClient oldest = await SocketClient.ConnectAsync(server), silent = await SocketClient.ConnectAsync(server);

        using SocketClient signedIn = await OpenAsync(server, "ann"), another = await OpenAsync(server, "ann");

        Assert.Equal((1013, "TOO_MANY_SOCKETS"), await oldest.ReceiveCloseAsync());
        using SocketClient next = await SocketClient.ConnectAsync(server);
        await silent.SendAsync("""{"type":"connection_init","payload":{"name":"bob"}}""");
        Assert.Equal("""{"type":"connection_ack"}""", await silent.ReceiveAsync());
    }

    [Fact]
    public async Task A_response_in_parts_is_one_message_per_part_and_then_complete()
    {
        StubExecutor executor = new StubExecutor().Answer("{ parts }", new InParts());
        await using TransportServer server = await TransportServer.StartAsync(executor);
        using SocketClient client = await SocketClient.OpenAsync(server);

        await client.SubscribeAsync("1", "{ parts }");

        Assert.Equal("""{"id":"1","type":"next","payload":{"data":{},"pending":[{"id":"0","path":[]}],"hasNext":true}}""", await client.ReceiveAsync());
        Assert.Equal("""{"id":"1","type":"next","payload":{"completed":[{"id":"0"}],"hasNext":false}}""", await client.ReceiveAsync());
        Assert.Equal("""{"id":"1","type":"complete"}""", await client.ReceiveAsync());
        Assert.True(Assert.Single(executor.Requests).AllowsIncrementalDelivery);
    }

    private static async Task<SocketClient> OpenAsync(TransportServer server, string name)
    {
        SocketClient client = await SocketClient.ConnectAsync(server);
        await client.SendAsync(JsonSerializer.Serialize(new { type = "connection_init", payload = new { name } }));
        Assert.Equal("""{"type":"connection_ack"}""", await client.ReceiveAsync());
        return client;
    }

    /// <summary>The server releases a slot a moment after the client has received its close frame.</summary>
    private static async Task<SocketClient?> AtLastAsync(Func<Task<SocketClient>> open)
    {
        SocketClient? client = null;
        for (int attempt = 0; client is null && attempt < 200; attempt++)
        {
            try
            {
                client = await open();
            }
            catch (InvalidOperationException) when (attempt < 199)
            {
                await Task.Yield();
            }
        }
        return client;
    }

    private sealed class ByName : ISocketSessionInterceptor
    {
        public ValueTask<ConnectionStatus> OnConnectAsync(HttpContext context, JsonElement payload, CancellationToken cancellation) =>
            new(
                ConnectionStatus.Accept(
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, payload.GetProperty("name").GetString()!)], "test"))));
    }

    private sealed class InParts : ResponseStream
    {
        public override bool IsIncremental => true;

        public override IAsyncEnumerable<OperationResult> ReadResultsAsync() => Read();

        private static async IAsyncEnumerable<OperationResult> Read([EnumeratorCancellation] CancellationToken cancellation = default)
        {
            await Task.CompletedTask;
            yield return new StubResult("""{"data":{},"pending":[{"id":"0","path":[]}],"hasNext":true}""", hasData: true);
            yield return new StubResult("""{"completed":[{"id":"0"}],"hasNext":false}""", hasData: false);
        }
    }
}
