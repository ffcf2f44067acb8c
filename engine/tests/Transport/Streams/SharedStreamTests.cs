using System.Net;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Transport.Streams;

/// <summary>Many operations on one event stream: every status code of the protocol, and every limit.</summary>
public sealed class SharedStreamTests
{
    private const string Tick = "subscription { tick }";

    [Fact]
    public async Task Operations_are_accepted_and_their_results_sent_on_the_stream()
    {
        await using TransportServer server = await StartAsync(new StubExecutor().Answer(Tick, new StubStream(Numbers.To(2))));
        string token = await ReserveAsync(server);
        using StreamClient stream = await OpenAsync(server, token);

        using HttpResponseMessage query = await OperateAsync(server, token, "{ hello }", "a");
        string afterQuery = await stream.ReadUntilAsync("event: complete\ndata: {\"id\":\"a\"}\n\n");
        using HttpResponseMessage subscription = await OperateAsync(server, token, Tick, "b");
        string all = await stream.ReadUntilAsync("event: complete\ndata: {\"id\":\"b\"}\n\n");

        Assert.Equal(HttpStatusCode.Accepted, query.StatusCode);
        Assert.Equal("", await query.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.Accepted, subscription.StatusCode);
        Assert.Contains("event: next\ndata: {\"id\":\"a\",\"payload\":{\"data\":{\"hello\":\"world\"}}}\n\n", afterQuery, StringComparison.Ordinal);
        Assert.Contains("event: next\ndata: {\"id\":\"b\",\"payload\":{\"data\":{\"tick\":2}}}\n\n", all, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Results_wait_for_the_stream_to_be_opened()
    {
        await using TransportServer server = await StartAsync();
        string token = await ReserveAsync(server);

        using HttpResponseMessage accepted = await OperateAsync(server, token, "{ hello }", "a");
        using StreamClient stream = await OpenAsync(server, token, inHeader: true);

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.Contains("\"payload\":{\"data\"", await stream.ReadUntilAsync("{\"id\":\"a\"}\n\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stream_has_one_connection()
    {
        await using TransportServer server = await StartAsync();
        string token = await ReserveAsync(server);
        using StreamClient first = await OpenAsync(server, token);
        await first.ReadUntilAsync(":\n\n");

        using StreamClient second = await OpenAsync(server, token);

        Assert.Equal(409, second.Status);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("DELETE")]
    public async Task An_unknown_token_gets_404(string method)
    {
        await using TransportServer server = await StartAsync();

        using StreamClient answer = await StreamClient.SendAsync(
            server, new HttpRequestMessage(new HttpMethod(method), "?token=none&operationId=a"), "text/event-stream");

        Assert.Equal(404, answer.Status);
    }

    [Fact]
    public async Task A_reserved_stream_can_only_be_opened_as_an_event_stream()
    {
        await using TransportServer server = await StartAsync();
        string token = await ReserveAsync(server);

        using StreamClient answer = await StreamClient.GetAsync(server, $"?token={token}", "application/json");

        Assert.Equal(406, answer.Status);
    }

    [Theory]
    [InlineData("""{"query":"{ hello }"}""")]
    [InlineData("""{"query":"{ hello }","extensions":{"operationId":7}}""")]
    [InlineData("""{"query":"{ hello }","extensions":{"operationId":""}}""")]
    [InlineData("""{"extensions":{"operationId":"a"}}""")]
    [InlineData("{")]
    public async Task An_operation_needs_an_id_and_a_document(string body)
    {
        await using TransportServer server = await StartAsync();
        string token = await ReserveAsync(server);

        using HttpResponseMessage answer = await PostAsync(server, token, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task An_invalid_document_is_refused_in_the_response_to_its_request()
    {
        await using TransportServer server = await StartAsync();
        string token = await ReserveAsync(server);

        using HttpResponseMessage answer = await OperateAsync(server, token, "{ wrong }", "a");

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(ErrorCodes.ValidationFailed, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage again = await OperateAsync(server, token, "{ hello }", "a");
        Assert.Equal(HttpStatusCode.Accepted, again.StatusCode);
    }

    [Fact]
    public async Task An_id_is_in_use_until_its_operation_has_ended()
    {
        var endless = new StubStream(Numbers.OnceThenWait());
        await using TransportServer server = await StartAsync(new StubExecutor().Answer(Tick, endless));
        string token = await ReserveAsync(server);
        using StreamClient stream = await OpenAsync(server, token);
        using HttpResponseMessage first = await OperateAsync(server, token, Tick, "a");
        await stream.ReadUntilAsync("}}}\n\n");

        using HttpResponseMessage second = await OperateAsync(server, token, "{ hello }", "a");
        using HttpResponseMessage stopped = await StopAsync(server, token, "?operationId=a");
        await endless.Ended.WithinDeadlineAsync();

        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        await Eventually.HoldsAsync(async () =>
        {
            using HttpResponseMessage third = await OperateAsync(server, token, "{ hello }", "a");
            return third.StatusCode == HttpStatusCode.Accepted;
        }, "an id that is free again");
    }

    [Fact]
    public async Task Stopping_needs_an_id_and_does_not_distinguish_ended_from_unknown()
    {
        await using TransportServer server = await StartAsync();
        string token = await ReserveAsync(server);

        using HttpResponseMessage without = await StopAsync(server, token, "?x=1");
        using HttpResponseMessage unknown = await StopAsync(server, token, "?operationId=unknown");

        Assert.Equal(HttpStatusCode.BadRequest, without.StatusCode);
        Assert.Equal(HttpStatusCode.OK, unknown.StatusCode);
    }

    [Fact]
    public async Task An_operation_that_is_stopped_while_it_executes_gets_204()
    {
        var executor = new StubExecutor();
        (Task begun, Task cancelled) = executor.AnswerNever("{ slow }");
        await using TransportServer server = await StartAsync(executor);
        string token = await ReserveAsync(server);

        Task<HttpResponseMessage> operating = OperateAsync(server, token, "{ slow }", "a");
        await begun.WithinDeadlineAsync();
        using HttpResponseMessage stopped = await StopAsync(server, token, "?operationId=a");

        await cancelled.WithinDeadlineAsync();
        using HttpResponseMessage answer = await operating;
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    [Fact]
    public async Task A_reservation_that_nobody_opens_ends_with_its_operations()
    {
        var endless = new StubStream(Numbers.OnceThenWait());
        await using TransportServer server = await StartAsync(new StubExecutor().Answer(Tick, endless), options => options.MaxStreams = 1);
        string token = await ReserveAsync(server);
        using HttpResponseMessage accepted = await OperateAsync(server, token, Tick, "a");

        server.Clock.Advance(TimeSpan.FromSeconds(29));
        using HttpResponseMessage before = await StopAsync(server, token, "?operationId=none");
        server.Clock.Advance(TimeSpan.FromSeconds(1));
        using HttpResponseMessage after = await StopAsync(server, token, "?operationId=none");

        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
        await endless.Ended.WithinDeadlineAsync();
        Assert.Equal(32, (await ReserveAsync(server)).Length); // Its slot is free again.
    }

    [Fact]
    public async Task A_disconnecting_client_ends_all_its_operations_and_its_token()
    {
        var endless = new StubStream(Numbers.OnceThenWait());
        await using TransportServer server = await StartAsync(new StubExecutor().Answer(Tick, endless));
        string token = await ReserveAsync(server);
        using (StreamClient stream = await OpenAsync(server, token))
        {
            using HttpResponseMessage accepted = await OperateAsync(server, token, Tick, "a");
            await stream.ReadUntilAsync("}}}\n\n");
        }

        await endless.Ended.WithinDeadlineAsync();
        await Eventually.HoldsAsync(async () =>
        {
            using HttpResponseMessage answer = await StopAsync(server, token, "?operationId=a");
            return answer.StatusCode == HttpStatusCode.NotFound;
        }, "a token that is forgotten");
    }

    [Fact]
    public async Task Reservations_of_one_viewer_and_of_the_server_are_limited()
    {
        await using TransportServer server = await StartAsync(configure: options =>
        {
            options.MaxReservationsPerViewer = 2;
            options.MaxStreams = 3;
        });

        int[] anonymous = [await PutAsync(server), await PutAsync(server), await PutAsync(server)];
        int[] signedIn = [await PutAsync(server, "ada"), await PutAsync(server, "ada")];

        Assert.Equal([201, 201, 429], anonymous);
        Assert.Equal([201, 503], signedIn);
    }

    [Fact]
    public async Task Operations_of_one_stream_are_limited()
    {
        await using TransportServer server = await StartAsync(
            new StubExecutor().Answer(Tick, (_, cancellation) => new(new StubStream(Numbers.OnceThenWait(cancellation)))),
            options => options.MaxOperationsPerSocket = 2);
        string token = await ReserveAsync(server);

        var statuses = new List<HttpStatusCode>();
        foreach (string id in (string[])["a", "b", "c"])
        {
            using HttpResponseMessage answer = await OperateAsync(server, token, Tick, id);
            statuses.Add(answer.StatusCode);
        }

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests], statuses);
    }

    [Theory]
    [InlineData("ada", "ada", 202, 200)]
    [InlineData("ada", null, 404, 200)] // An EventSource cannot identify its user: the token lets it in, but only to read.
    [InlineData("ada", "eve", 404, 404)]
    [InlineData(null, "eve", 404, 404)]
    [InlineData(null, null, 202, 200)]
    public async Task A_token_serves_the_viewer_who_reserved_it(string? owner, string? caller, int operation, int opening)
    {
        await using TransportServer server = await StartAsync();
        string token = await ReserveAsync(server, owner);

        using HttpResponseMessage answer = await OperateAsync(server, token, "{ hello }", "a", caller);
        using StreamClient stream = await OpenAsync(server, token, caller: caller);

        Assert.Equal(operation, (int)answer.StatusCode);
        Assert.Equal(opening, stream.Status);
    }

    [Fact]
    public async Task The_stream_ends_when_the_owners_rights_expire()
    {
        await using TransportServer server = await StartAsync();
        string token = await ReserveAsync(server, "ada");
        using StreamClient stream = await OpenAsync(server, token);
        await stream.ReadUntilAsync(":\n\n");

        server.Clock.Advance(TimeSpan.FromHours(1));

        Assert.EndsWith(": UNAUTHENTICATED\n\n", await stream.ReadToEndAsync(), StringComparison.Ordinal);
    }

    /// <summary>The header <c>user</c> identifies the caller.</summary>
    private static Task<TransportServer> StartAsync(StubExecutor? executor = null, Action<GraphQLTransportOptions>? configure = null) =>
        TransportServer.StartAsync(
        executor ?? new StubExecutor(),
        configure,
        before: (context, clock) =>
        {
            if (context.Request.Headers["user"] is [{ } user])
                EventStreamTests.SignIn(context, clock.GetUtcNow() + TimeSpan.FromHours(1), user);
        });

    private static async Task<string> ReserveAsync(TransportServer server, string? user = null)
    {
        using HttpResponseMessage reserved = await SendAsync(server, HttpMethod.Put, "", user);
        Assert.Equal(HttpStatusCode.Created, reserved.StatusCode);
        Assert.Equal("text/plain; charset=utf-8", reserved.Content.Headers.ContentType?.ToString());
        return await reserved.Content.ReadAsStringAsync();
    }

    private static async Task<int> PutAsync(TransportServer server, string? user = null)
    {
        using HttpResponseMessage answer = await SendAsync(server, HttpMethod.Put, "", user);
        return (int)answer.StatusCode;
    }

    private static Task<StreamClient> OpenAsync(TransportServer server, string token, bool inHeader = false, string? caller = null)
    {
        List<(string, string)> headers = [];
        if (inHeader)
            headers.Add(("X-GraphQL-Event-Stream-Token", token));
        if (caller is not null)
            headers.Add(("user", caller));
        return StreamClient.GetAsync(server, inHeader ? "" : $"?token={token}", StreamClient.EventStream, [.. headers]);
    }

    private static Task<HttpResponseMessage> OperateAsync(TransportServer server, string token, string query, string id, string? user = null) =>
        PostAsync(server, token, JsonSerializer.Serialize(new { query, extensions = new { operationId = id } }), user);

    private static Task<HttpResponseMessage> PostAsync(TransportServer server, string token, string body, string? user = null) =>
        SendAsync(server, HttpMethod.Post, "", user, token, new StringContent(body, Encoding.UTF8, "application/json"));

    private static Task<HttpResponseMessage> StopAsync(TransportServer server, string token, string parameters) =>
        SendAsync(server, HttpMethod.Delete, parameters, user: null, token);

    private static Task<HttpResponseMessage> SendAsync(
        TransportServer server, HttpMethod method, string parameters, string? user, string? token = null, HttpContent? content = null)
    {
        var request = new HttpRequestMessage(method, parameters) { Content = content };
        if (token is not null)
            request.Headers.Add("X-GraphQL-Event-Stream-Token", token);
        if (user is not null)
            request.Headers.Add("user", user);
        return server.Http.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(20));
    }
}
