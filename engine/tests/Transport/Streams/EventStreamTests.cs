using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Transport.Streams;

/// <summary>An event stream of one operation, byte by byte.</summary>
public sealed class EventStreamTests
{
    private const string Tick = "subscription { tick }";
    private const string Opening = ":\n\n";
    private const string Complete = "event: complete\ndata:\n\n";

    [Fact]
    public async Task Each_result_is_an_event_and_the_end_is_one_with_an_empty_line_of_data()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.To(2)));

        using StreamClient client = await StreamClient.PostAsync(server, Tick);

        Assert.Equal(
            $$$"""{{{Opening}}}event: next{{{'\n'}}}data: {"data":{"tick":1}}{{{"\n\n"}}}event: next{{{'\n'}}}data: """
                + $$$"""{"data":{"tick":2}}{{{"\n\n"}}}{{{Complete}}}""",
            await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Its_headers_keep_proxies_from_delaying_it()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.To(1)));

        using StreamClient client = await StreamClient.PostAsync(server, Tick);

        Assert.Equal(200, client.Status);
        Assert.Equal("text/event-stream; charset=utf-8", client.Header("Content-Type"));
        Assert.Contains("no-cache", client.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Contains("no-transform", client.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("no", client.Header("X-Accel-Buffering"));
        Assert.Null(client.Header("Content-Encoding"));
        Assert.Null(client.Header("Content-Length"));
    }

    [Theory]
    [InlineData("{ hello }", """{"data":{"hello":"world"}}""")]
    [InlineData("{ wrong }", """{"errors":[{"message":"no such query","extensions":{"code":"GRAPHQL_VALIDATION_FAILED"}}]}""")]
    public async Task Results_of_queries_and_errors_of_documents_are_sent_through_the_stream(string query, string expected)
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        using StreamClient client = await StreamClient.PostAsync(server, query);

        Assert.Equal(200, client.Status);
        Assert.Equal($"{Opening}event: next\ndata: {expected}\n\n{Complete}", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task An_invalid_request_is_refused_with_its_status()
    {
        await using TransportServer server = await TransportServer.StartAsync(new StubExecutor());

        using StreamClient client = await StreamClient.GetAsync(server, "?variables={}");

        Assert.Equal(400, client.Status);
        Assert.Equal("application/json; charset=utf-8", client.Header("Content-Type"));
    }

    [Theory]
    [InlineData("?query=subscription { tick }", 200)]
    [InlineData("?query={ hello }", 200)]
    [InlineData("?query=mutation { go }", 405)]
    public async Task A_browser_can_subscribe_with_get_but_not_mutate(string parameters, int expected)
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.To(1)));

        using StreamClient client = await StreamClient.GetAsync(server, parameters);

        Assert.Equal(expected, client.Status);
    }

    [Fact]
    public async Task A_result_with_a_cursor_has_it_as_its_id()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.To(2)) { CursorFormat = "c-{0}" });

        using StreamClient client = await StreamClient.PostAsync(server, Tick);

        string text = await client.ReadToEndAsync();
        Assert.Contains("event: next\nid: c-1\ndata: {\"data\":{\"tick\":1}}\n\nevent: next\nid: c-2\ndata:", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cursor_that_would_break_the_stream_is_left_out()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.To(1)) { CursorFormat = "a\ndata: forged" });

        using StreamClient client = await StreamClient.PostAsync(server, Tick);

        Assert.DoesNotContain("forged", await client.ReadToEndAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StreamClient.EventStream, "c-7", "c-7")]
    [InlineData(StreamClient.EventStream, null, null)]
    [InlineData("application/jsonl", "c-7", null)]
    public async Task The_last_event_of_a_reconnecting_browser_reaches_the_executor(string accept, string? sent, string? expected)
    {
        StubExecutor executor = new StubExecutor().Answer(Tick, new StubStream(Numbers.To(1)));
        await using TransportServer server = await TransportServer.StartAsync(executor);

        using StreamClient client = await StreamClient.GetAsync(server, $"?query={Tick}", accept, sent is null ? [] : [("Last-Event-ID", sent)]);

        Assert.Equal(200, client.Status);
        Assert.Equal(expected, Assert.Single(executor.Requests).LastEventId);
    }

    [Fact]
    public async Task A_quiet_stream_sends_heartbeats()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.OnceThenWait()));
        using StreamClient client = await StreamClient.PostAsync(server, Tick);
        string text = await client.ReadUntilAsync("}}\n\n");

        foreach (string beats in (string[])[":\n\n", ":\n\n:\n\n"])
        {
            await Until.TrueAsync(() => server.Clock.ArmedTimerCount > 0);
            server.Clock.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(text + beats, await client.ReadUntilAsync(text + beats));
        }
    }

    [Fact]
    public async Task A_disconnecting_client_ends_its_operation()
    {
        var stream = new StubStream(Numbers.OnceThenWait());
        await using TransportServer server = await StartAsync(stream);
        using (StreamClient client = await StreamClient.PostAsync(server, Tick))
            await client.ReadUntilAsync("}}\n\n");

        await stream.Ended.WithinDeadlineAsync();
    }

    [Fact]
    public async Task A_source_that_fell_behind_ends_the_stream_without_completing_it()
    {
        await using TransportServer server = await StartAsync(new StubStream(Failing(new GraphQLException("Too slow.", ErrorCodes.SlowConsumer))));

        using StreamClient client = await StreamClient.PostAsync(server, Tick);

        string text = await client.ReadToEndAsync();
        Assert.Contains("\"code\":\"SLOW_CONSUMER\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("event: complete", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "\"code\":\"FORBIDDEN\"")]
    [InlineData(false, "\"code\":\"INTERNAL\"")]
    public async Task A_source_that_fails_completes_the_stream_with_its_error(bool isAnswer, string expected)
    {
        Exception failure = isAnswer ? new GraphQLException("Not you.", ErrorCodes.Forbidden) : new InvalidOperationException("Password=secret");
        await using TransportServer server = await StartAsync(new StubStream(Failing(failure)));

        using StreamClient client = await StreamClient.PostAsync(server, Tick);

        string text = await client.ReadToEndAsync();
        Assert.Contains(expected, text, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.EndsWith(Complete, text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_shuts_down_tells_clients_when_to_reconnect()
    {
        await using TransportServer server = await StartAsync(new StubStream(Numbers.OnceThenWait()));
        using StreamClient client = await StreamClient.PostAsync(server, Tick);
        await client.ReadUntilAsync("}}\n\n");

        Task stopping = server.StopAsync();
        string text = await client.ReadToEndAsync();

        Assert.Matches("\nretry: [0-9]+\n\nevent: next\ndata: .*\"code\":\"UNAVAILABLE\",\"retryable\":true", text);
        Assert.DoesNotContain("event: complete", text, StringComparison.Ordinal);
        await stopping.WithinDeadlineAsync();
    }

    [Fact]
    public async Task The_stream_ends_when_the_viewers_rights_expire()
    {
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor().Answer(Tick, new StubStream(Numbers.OnceThenWait())),
            before: (context, clock) => SignIn(context, clock.GetUtcNow() + TimeSpan.FromSeconds(5)));
        using StreamClient client = await StreamClient.PostAsync(server, Tick);
        await client.ReadUntilAsync("}}\n\n");

        server.Clock.Advance(TimeSpan.FromSeconds(5));

        string text = await client.ReadToEndAsync();
        Assert.Contains("\"code\":\"UNAUTHENTICATED\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("event: complete", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_at_its_limit_of_streams_refuses_more_until_one_has_ended()
    {
        var stream = new StubStream(Numbers.OnceThenWait());
        await using TransportServer server = await TransportServer.StartAsync(
            new StubExecutor().Answer(Tick, stream), options => options.MaxStreams = 1);
        using (StreamClient first = await StreamClient.PostAsync(server, Tick))
        {
            await first.ReadUntilAsync("}}\n\n");
            using StreamClient second = await StreamClient.PostAsync(server, "{ hello }");
            using StreamClient single = await StreamClient.PostAsync(server, "{ hello }", "application/json");
            Assert.Equal(503, second.Status);
            Assert.Contains("\"limit\":\"MaxStreams\"", await second.ReadToEndAsync(), StringComparison.Ordinal);
            Assert.Equal(200, single.Status);
        }

        await stream.Ended.WithinDeadlineAsync();
        HttpStatusCode status = HttpStatusCode.ServiceUnavailable;
        await Eventually.HoldsAsync(async () =>
        {
            using StreamClient again = await StreamClient.PostAsync(server, "{ hello }");
            return (status = again.Response.StatusCode) == HttpStatusCode.OK;
        }, "a place that is free again");
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Theory]
    [InlineData(10_000, true)]
    [InlineData(16_000_000, false)] // More than a connection buffers. In the middle of a message nothing else can be sent: the connection is aborted.
    public async Task The_stream_of_a_client_that_does_not_read_ends_after_the_grace_period(int bytes, bool isReported)
    {
        var stream = new StubStream(Numbers.Large(bytes));
        await using TransportServer server = await StartAsync(stream);
        using RawHttp client = await RawHttp.PostAsync(server, Tick, StreamClient.EventStream);

        // If a grace period runs in parallel to the heartbeat before the connection's buffers are full, the next piece gets one of its own.
        await Until.TrueAsync(() =>
        {
            if (server.Clock.ArmedTimerCount >= 2)
                server.Clock.Advance(TimeSpan.FromSeconds(5));
            return stream.Ended.IsCompleted;
        });

        string text = await client.ReadToEndAsync();
        Assert.Equal(isReported, text.Contains("SLOW_CONSUMER", StringComparison.Ordinal));
        Assert.DoesNotContain("event: complete", text, StringComparison.Ordinal);
    }

    internal static void SignIn(HttpContext context, DateTimeOffset? expiresAt, string name = "ada")
    {
        context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, name), new Claim(ClaimTypes.Name, name)], "test"));
        var ticket = new AuthenticationTicket(context.User, new AuthenticationProperties { ExpiresUtc = expiresAt }, "test");
        context.Features.Set<IAuthenticateResultFeature>(new Ticket { AuthenticateResult = AuthenticateResult.Success(ticket) });
    }

    private static async IAsyncEnumerable<string> Failing(Exception failure)
    {
        await Task.CompletedTask;
        yield return """{"tick":1}""";
        throw failure;
    }

    private static Task<TransportServer> StartAsync(StubStream stream) => TransportServer.StartAsync(new StubExecutor().Answer(Tick, stream));

    private sealed class Ticket : IAuthenticateResultFeature
    {
        public AuthenticateResult? AuthenticateResult { get; set; }
    }
}
