using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Mycelium.GraphQL.Callers;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Callers;

/// <summary>One caller cannot use up shared resources: cost, sockets and streams are limited.</summary>
[Collection(ApiCollection.Name)]
public sealed class CallerMeterTests(ApiHost host)
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(20);

    /// <summary>A document of 3.4 kB with 23 counts over the whole market.</summary>
    private static readonly string counts = $"{{ {string.Join(' ', Enumerable.Range(0, 23).Select(number =>
        $"a{number}: gridNodes(where: {{ city: {{ contains: \"{number}\" }}, country: {{ contains: \"a\" }}, "
            + "farm: { name: { contains: \"farm\" } } }) { totalCount }"))} }}";

    [Fact]
    public async Task Repeated_filtered_counts_are_refused_eventually_and_other_addresses_are_served()
    {
        await using Replica replica = Limited(("RateLimits:AnonymousPoints", "30000"));
        using HttpClient attacker = From("127.0.0.1", replica), other = From("127.0.0.2", replica);
        using HttpResponseMessage first = await SendAsync(attacker, counts);
        JsonElement cost = (await first.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("extensions").GetProperty("operationCost");
        int points = CallerMeter.PointsOf(new OperationCost(cost.GetProperty("fieldCost").GetDouble(), cost.GetProperty("typeCost").GetDouble()));

        int served = 1;
        HttpResponseMessage answer = await SendAsync(attacker, counts);
        while (answer.StatusCode == HttpStatusCode.OK)
        {
            answer.Dispose();
            answer = await SendAsync(attacker, counts);
            Assert.InRange(++served, 1, 100);
        }

        JsonElement error = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("extensions");
        Assert.Equal(
            (HttpStatusCode.TooManyRequests, "RATE_LIMITED", 30_000, points),
            (answer.StatusCode, error.GetProperty("code").GetString(), error.GetProperty("max").GetInt32(), error.GetProperty("points").GetInt32()));
        Assert.Equal(TimeSpan.FromSeconds(error.GetProperty("retryAfterSeconds").GetInt32()), answer.Headers.RetryAfter!.Delta);
        Assert.Equal("\"points\";q=30000;w=60", Assert.Single(answer.Headers.GetValues("RateLimit-Policy")));
        Assert.StartsWith("\"points\";r=0;t=", Assert.Single(answer.Headers.GetValues("RateLimit")), StringComparison.Ordinal);
        Assert.True(
            points > 1_000 && new RateLimitSettings().AnonymousPoints / points < 240,
            $"{points} points: a minute of the default is {new RateLimitSettings().AnonymousPoints / points} such requests.");
        using HttpResponseMessage elsewhere = await SendAsync(other, counts);
        Assert.Equal(HttpStatusCode.OK, elsewhere.StatusCode);
        attacker.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.7");
        using HttpResponseMessage spoofed = await SendAsync(attacker, counts);
        Assert.Equal(HttpStatusCode.TooManyRequests, spoofed.StatusCode);
        answer.Dispose();
    }

    [Fact]
    public async Task Rejected_documents_cost_points_too()
    {
        await using Replica replica = Limited(("RateLimits:AnonymousPoints", "1000"));
        using HttpClient attacker = From("127.0.0.1", replica);

        List<HttpStatusCode> statuses = [];
        for (int number = 0; number < 30; number++)
        {
            using HttpResponseMessage answer = await SendAsync(attacker, number % 2 == 0 ? $"{{ a{number}" : $"{{ nothing{number} }}");
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal(HttpStatusCode.BadRequest, statuses[0]);
        Assert.InRange(statuses.Count(status => status == HttpStatusCode.BadRequest), 10, 25);
        Assert.Equal(HttpStatusCode.TooManyRequests, statuses[^1]);
    }

    [Fact]
    public async Task Every_response_reports_the_remaining_points_and_an_account_has_its_own()
    {
        await using Replica replica = Limited(("RateLimits:AnonymousPoints", "55"), ("RateLimits:AccountPoints", "6000"));
        string token = (await host.RenterAsync(dollars: 0)).Token!;
        using HttpClient anyone = From("127.0.0.1", replica), account = From("127.0.0.1", replica, token);

        using HttpResponseMessage used = await SendAsync(anyone, "{ __typename }");
        using HttpResponseMessage refused = await SendAsync(anyone, "{ other: __typename }");
        using HttpResponseMessage known = await SendAsync(account, "{ me { id } }");

        Assert.Equal((HttpStatusCode.OK, "\"points\";q=55;w=60"), (used.StatusCode, Assert.Single(used.Headers.GetValues("RateLimit-Policy"))));
        Assert.InRange(LeftOf(used), 4, 20); // 50 points for a new document, 1 for the operation, and some refilled since.
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal((HttpStatusCode.OK, "\"points\";q=6000;w=60"), (known.StatusCode, Assert.Single(known.Headers.GetValues("RateLimit-Policy"))));
        Assert.InRange(LeftOf(known), 5_900, 6_000);

        static int LeftOf(HttpResponseMessage answer) =>
            int.Parse(answer.Headers.GetValues("RateLimit").Single().Split(";r=")[1].Split(';')[0], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task On_a_socket_the_operation_ends_with_the_error_and_the_socket_stays_open()
    {
        await using Replica replica = Limited(("RateLimits:AnonymousPoints", "55"), ("RateLimits:AccountPoints", "6000"));
        using ClientWebSocket socket = await OpenAsync("127.0.0.1", replica);

        await SendAsync(socket, new { id = "1", type = "subscribe", payload = new { query = "{ gridNodes(first: 1) { nodes { id } } }" } });
        JsonElement refused = await ReceiveAsync(socket);
        await SendAsync(socket, new { type = "ping" });

        Assert.Equal(("error", "1"), (refused.GetProperty("type").GetString(), refused.GetProperty("id").GetString()));
        JsonElement extensions = refused.GetProperty("payload")[0].GetProperty("extensions");
        Assert.Equal("RATE_LIMITED", extensions.GetProperty("code").GetString());
        Assert.InRange(extensions.GetProperty("retryAfterSeconds").GetInt32(), 1, 60);
        Assert.Equal("pong", (await ReceiveAsync(socket)).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_stream_that_is_too_expensive_to_start_is_refused_by_HTTP_status()
    {
        await using Replica replica = Limited(("RateLimits:AnonymousPoints", "55"));
        using HttpClient http = From("127.0.0.1", replica);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/graphql");
        request.Content = JsonContent.Create(
            new { query = "subscription { onGridNodeChanged { ... on GridNodesSnapshot { gridNodes { id farm { name } } } } }" });
        request.Headers.Accept.ParseAdd("text/event-stream");

        using HttpResponseMessage answer = await http.SendAsync(request);

        Assert.Equal((HttpStatusCode.TooManyRequests, true), (answer.StatusCode, answer.Headers.RetryAfter is not null));
    }

    [Fact]
    public async Task Sockets_over_the_limit_of_an_address_are_closed_and_accounts_and_other_addresses_have_their_own_limit()
    {
        await using Replica replica = Limited(("RateLimits:SocketsPerAddress", "2"));
        string token = (await host.RenterAsync(dollars: 0)).Token!;
        using ClientWebSocket account = await OpenAsync("127.0.0.1", replica, token); // Does not count as anonymous.
        using ClientWebSocket first = await OpenAsync("127.0.0.1", replica), second = await OpenAsync("127.0.0.1", replica);

        using ClientWebSocket third = await ConnectAsync("127.0.0.1", replica);
        await SendAsync(third, new { type = "connection_init" });
        WebSocketReceiveResult closed = await third.ReceiveAsync(new byte[1_000], CancellationToken.None).WaitAsync(deadline);
        using ClientWebSocket other = await OpenAsync("127.0.0.2", replica);

        Assert.Equal((WebSocketMessageType.Close, 1013, "TOO_MANY_SOCKETS"), (closed.MessageType, (int)third.CloseStatus!.Value, third.CloseStatusDescription));
    }

    [Fact]
    public async Task Streams_over_the_limit_of_a_caller_are_refused()
    {
        await using Replica replica = Limited(("RateLimits:StreamsPerAddress", "1"), ("RateLimits:StreamsPerAccount", "1"));
        foreach (string? token in (string?[])[null, (await host.RenterAsync(dollars: 0)).Token])
        {
            var caller = new Api(replica.Address, token);
            using EventSource open = await EventSource.OpenAsync(
                caller, "subscription { onSliceCombinationChanged(where: { multiplier: { eq: 7 } }) { __typename } }");
            using HttpResponseMessage second = await caller.SendAsync(
                HttpMethod.Get, $"/graphql?query={Uri.EscapeDataString("subscription { onGridNodeChanged { __typename } }")}", accept: "text/event-stream");

            Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
            JsonElement error = (await second.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors")[0].GetProperty("extensions");
            Assert.Equal(
                ("LIMIT_EXCEEDED", token is null ? "MaxStreamsPerAddress" : "MaxStreamsPerUser"),
                (error.GetProperty("code").GetString(), error.GetProperty("limit").GetString()));
            caller.Dispose();
        }
    }

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(10, 1, 11)]
    [InlineData(500, 1_500, 650)]
    public void Points_are_the_work_plus_a_tenth_of_the_data_and_at_least_one(double fieldCost, double typeCost, int points) =>
        Assert.Equal(points, CallerMeter.PointsOf(new OperationCost(fieldCost, typeCost)));

    private Replica Limited(params (string Name, string Value)[] settings) => host.StartReplica(settings);

    /// <summary>Connects from the given address: every address of 127.0.0.0/8 is this machine, so a client can use any of them.</summary>
    private static SocketsHttpHandler Handler(string address) => new()
    {
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new System.Net.Sockets.Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
            await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private static HttpClient From(string address, Replica replica, string? token = null) => new(Handler(address))
    {
        BaseAddress = replica.Address,
        DefaultRequestHeaders =
        {
            Accept = { new("application/graphql-response+json") },
            Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token),
        },
    };

    private static Task<HttpResponseMessage> SendAsync(HttpClient http, string query) => http.PostAsJsonAsync("/graphql", new { query });

    private static async Task<ClientWebSocket> ConnectAsync(string address, Replica replica)
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("graphql-transport-ws");
        using var handler = new HttpMessageInvoker(Handler(address));
        await socket.ConnectAsync(new UriBuilder(replica.Address) { Scheme = "ws", Path = "/graphql" }.Uri, handler, CancellationToken.None)
            .WaitAsync(deadline);
        return socket;
    }

    private static async Task<ClientWebSocket> OpenAsync(string address, Replica replica, string? token = null)
    {
        ClientWebSocket socket = await ConnectAsync(address, replica);
        await SendAsync(
            socket, token is null ? new { type = "connection_init" } : new { type = "connection_init", payload = new { Authorization = $"Bearer {token}" } });
        Assert.Equal("connection_ack", (await ReceiveAsync(socket)).GetProperty("type").GetString());
        return socket;
    }

    private static Task SendAsync(ClientWebSocket socket, object message) =>
        socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(message), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None)
            .WaitAsync(deadline);

    private static async Task<JsonElement> ReceiveAsync(ClientWebSocket socket)
    {
        byte[] buffer = new byte[16_384];
        while (true)
        {
            WebSocketReceiveResult received = await socket.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(deadline);
            Assert.Equal(WebSocketMessageType.Text, received.MessageType);
            JsonElement message = JsonSerializer.Deserialize<JsonElement>(buffer.AsSpan(0, received.Count));
            if (message.GetProperty("type").GetString() != "ping")
                return message;
        }
    }
}
