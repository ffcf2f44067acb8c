using System.Runtime.CompilerServices;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.SchemaFirst;
using Mycelium.GraphQL.Engine.Tests.Transport.Streams;
using Mycelium.GraphQL.Engine.Transport;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>
/// Public test suites and clients talk to the whole engine behind a real server: graphql-http's audits, the clients of graphql-ws and graphql-sse,
/// and meros.
/// </summary>
public sealed class ConformanceTests
{
    private static readonly string[] Hello = ["""{"data":{"hello":"world"}}""", "\"complete\""];

    [Fact]
    public async Task All_audits_of_graphql_http_pass()
    {
        await using TransportServer server = await StartAsync();

        JsonElement verdicts = Assert.Single(await NodeClients.RunAsync("graphql-http.js", server.Address.ToString()));

        Assert.Equal(61, verdicts.GetArrayLength());
        Assert.All(verdicts.EnumerateArray(), verdict => Assert.True(verdict.GetProperty("status").GetString() == "ok", verdict.GetRawText()));
    }

    [Fact]
    public async Task The_client_of_graphql_ws_queries_mutates_and_subscribes_on_one_socket()
    {
        await using TransportServer server = await StartAsync();

        IReadOnlyList<JsonElement> seen = await RunSocketScenarioAsync(server, "operations");

        Assert.Equal(["""{"data":{"hello":"world","whoAmI":"ada"}}""", "\"complete\""], Of(seen, "query"));
        Assert.Equal(["""{"data":{"add":3}}""", "\"complete\""], Of(seen, "mutation"));
        Assert.Equal([.. Enumerable.Range(1, 4).Select(number => $$$"""{"data":{"countTo":{{{number}}}}}"""), "\"complete\""], Of(seen, "subscription"));
        Assert.Equal(["""{"data":{"countTo":1}}""", """{"data":{"countTo":2}}""", "\"complete\""], Of(seen, "stopped"));
        Assert.Equal(["""{"error":["GRAPHQL_SYNTAX_ERROR"]}"""], Of(seen, "syntaxError"));
        Assert.Equal(["""{"error":["GRAPHQL_VALIDATION_FAILED"]}"""], Of(seen, "validationError"));
        Assert.Equal(["""{"error":["BAD_USER_INPUT"]}"""], Of(seen, "variableError"));
        Assert.Equal(Hello, Of(seen, "afterErrors"));
        Assert.Equal(Enumerable.Range(0, 15).Select(number => $"{number}"), Of(seen, "many"));
    }

    [Fact]
    public async Task The_client_of_graphql_ws_learns_that_it_may_not_connect()
    {
        await using TransportServer server = await StartAsync();

        IReadOnlyList<JsonElement> seen = await RunSocketScenarioAsync(server, "forbidden");

        Assert.Equal(["""{"closed":4403,"reason":"Forbidden"}""", """{"query":[{"error":4403}]}"""], seen.Select(line => line.GetRawText()));
    }

    [Fact]
    public async Task The_client_of_graphql_ws_reconnects_after_1013()
    {
        await using TransportServer server = await StartAsync();

        IReadOnlyList<JsonElement> seen = await RunSocketScenarioAsync(server, "later");

        Assert.Equal("""{"closed":1013,"reason":"UNAVAILABLE"}""", seen[0].GetRawText());
        Assert.Equal("""{"connected":true,"wasRetry":true}""", seen[1].GetRawText());
        Assert.Equal(["""{"data":{"whoAmI":"later"}}""", "\"complete\""], Of(seen, "query"));
    }

    [Fact]
    public async Task The_client_of_graphql_ws_continues_after_the_server_has_restarted()
    {
        int port = FreePort.Next();
        await using TransportServer before = await StartAsync(port);
        using ChildProcess client = await NodeClients.StartAsync("graphql-ws.js", SocketAddress(before), "restart");
        await client.WaitForLineAsync(line => line == """{"event":"before"}""");

        await before.StopAsync();
        await using TransportServer after = await StartAsync(port);
        IReadOnlyList<JsonElement> seen = await NodeClients.ReadToEndAsync(client);

        Assert.Equal(["""{"connected":true,"wasRetry":false}""", """{"event":"before"}"""], seen.Take(2).Select(line => line.GetRawText()));
        Assert.Equal(1012, seen[2].GetProperty("closed").GetInt32());
        Assert.Contains("""{"connected":true,"wasRetry":true}""", seen.Select(line => line.GetRawText()));
        Assert.Contains("""{"event":"after"}""", seen.Select(line => line.GetRawText()));
    }

    [Fact]
    public async Task The_client_of_graphql_sse_has_a_stream_for_each_operation()
    {
        await using TransportServer server = await StartAsync();

        IReadOnlyList<JsonElement> seen = await NodeClients.RunAsync("graphql-sse.js", server.Address.ToString(), "distinct");

        AssertAnswers(seen);
        Assert.Equal(["""{"error":["GRAPHQL_SYNTAX_ERROR"]}""", "\"complete\""], Of(seen, "syntaxError"));
        Assert.Equal(["""{"error":["GRAPHQL_VALIDATION_FAILED"]}""", "\"complete\""], Of(seen, "validationError"));
        Assert.Equal(["""{"error":["BAD_USER_INPUT"]}""", "\"complete\""], Of(seen, "variableError"));
    }

    [Fact]
    public async Task The_client_of_graphql_sse_has_one_stream_for_all_operations()
    {
        await using TransportServer server = await StartAsync();

        IReadOnlyList<JsonElement> seen = await NodeClients.RunAsync("graphql-sse.js", server.Address.ToString(), "single");

        AssertAnswers(seen);
        foreach (string wrong in (string[])["syntaxError", "validationError", "variableError"])
            Assert.Equal(["""{"refused":400}"""], Of(seen, wrong));
    }

    [Theory]
    [InlineData("distinct")]
    [InlineData("single")]
    public async Task The_client_of_graphql_sse_continues_after_the_server_has_restarted(string mode)
    {
        int port = FreePort.Next();
        await using TransportServer before = await StartAsync(port);
        using ChildProcess client = await NodeClients.StartAsync("graphql-sse.js", before.Address.ToString(), "restart", mode);
        await client.WaitForLineAsync(line => line == """{"event":"before"}""");

        await before.StopAsync();
        await using TransportServer after = await StartAsync(port);
        IReadOnlyList<JsonElement> seen = await NodeClients.ReadToEndAsync(client);

        Assert.Equal("""{"event":"after"}""", seen[^1].GetRawText());
        Assert.DoesNotContain(seen, line => line.TryGetProperty("failure", out _));
    }

    [Fact]
    public async Task Meros_reads_the_parts_of_every_multipart_answer()
    {
        await using TransportServer server = await StartAsync();

        IReadOnlyList<JsonElement> seen = await NodeClients.RunAsync(
            "meros.js", server.Address.ToString(), "subscription { countTo(limit: 2) }", "multipart/mixed", "multipart/mixed;subscriptionSpec=1.0");

        Assert.Equal("""[{"data":{"countTo":1}},{"data":{"countTo":2}}]""", seen[0].GetProperty("parts").GetRawText());
        Assert.Equal("""[{"payload":{"data":{"countTo":1}}},{"payload":{"data":{"countTo":2}}}]""", seen[1].GetProperty("parts").GetRawText());
    }

    private static void AssertAnswers(IReadOnlyList<JsonElement> seen)
    {
        Assert.Equal(["""{"data":{"hello":"world","whoAmI":"ada"}}""", "\"complete\""], Of(seen, "query"));
        Assert.Equal(["""{"data":{"add":3}}""", "\"complete\""], Of(seen, "mutation"));
        Assert.Equal([.. Enumerable.Range(1, 4).Select(number => $$$"""{"data":{"countTo":{{{number}}}}}"""), "\"complete\""], Of(seen, "subscription"));
        Assert.Equal(["""{"data":{"countTo":1}}""", """{"data":{"countTo":2}}""", "\"complete\""], Of(seen, "stopped"));
        Assert.Equal(Hello, Of(seen, "afterErrors"));
        Assert.Equal(Enumerable.Range(0, 15).Select(number => $"{number}"), Of(seen, "many"));
    }

    private static Task<IReadOnlyList<JsonElement>> RunSocketScenarioAsync(TransportServer server, string scenario) =>
        NodeClients.RunAsync("graphql-ws.js", SocketAddress(server), scenario);

    private static string SocketAddress(TransportServer server) => $"ws://{server.Address.Authority}/graphql";

    /// <summary>The items that the script reported under this name.</summary>
    private static IEnumerable<string> Of(IReadOnlyList<JsonElement> seen, string name) =>
        Assert.Single(seen, line => line.TryGetProperty(name, out _)).GetProperty(name).EnumerateArray().Select(item => item.GetRawText());

    private static Task<TransportServer> StartAsync(int port = 0) => TransportServer.StartAsync(
        services =>
        {
            services.AddGraphQLServer();
            services.AddSingleton(BuildSchema());
            services.AddSingleton<ISocketSessionInterceptor, TokenInterceptor>();
        },
        port: port,
        before: (context, _) =>
        {
            if (context.Request.Headers["user"] is [{ } user])
                EventStreamTests.SignIn(context, expiresAt: null, user);
        });

    private static Schema BuildSchema() => SchemaBuilder
        .FromSdl("""
            type Query { hello: String!  whoAmI: String }
            type Mutation { add(by: Int!): Int! }
            type Subscription { countTo(limit: Int!): Int!  forever: Int! }
            """)
        .ResolvePure("Query.hello", _ => "world")
        .Resolve("Query.whoAmI", context => new(context.User.Identity?.Name))
        .Resolve("Mutation.add", context => new(context.ArgumentValue<int>("by")))
        .Subscribe("Subscription.countTo", context => new(CountTo(context.ArgumentValue<int>("limit"))))
        .Subscribe("Subscription.forever", context => new(OnceThenWait(context.RequestAborted)))
        .Build();

    private static async IAsyncEnumerable<object> CountTo(int limit)
    {
        await Task.CompletedTask;
        for (int number = 1; number <= limit; number++)
            yield return number;
    }

    private static async IAsyncEnumerable<object> OnceThenWait([EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return 1;
        await Task.Delay(Timeout.Infinite, cancellation);
    }

    /// <summary>The token is the user's name, except for two that select a kind of refusal.</summary>
    private sealed class TokenInterceptor : ISocketSessionInterceptor
    {
        private int postponedCount;

        public ValueTask<ConnectionStatus> OnConnectAsync(HttpContext context, JsonElement payload, CancellationToken cancellation)
        {
            string token = payload.GetProperty("token").GetString()!;
            return new(token switch
            {
                "nobody" => ConnectionStatus.Reject(),
                "later" when Interlocked.Increment(ref postponedCount) == 1 => ConnectionStatus.TryLater(),
                _ => ConnectionStatus.Accept(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, token)], "token"))),
            });
        }
    }
}
