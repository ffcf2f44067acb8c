using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Transport;

namespace Mycelium.GraphQL.Engine.Tests.Transport.Batching;

/// <summary>Several operations in one HTTP request, if the server allows it.</summary>
public sealed class BatchTests
{
    private const string Hello = """{"query":"{ hello }"}""";
    private const string World = """{"data":{"hello":"world"}}""";

    [Theory]
    [InlineData(AllowedBatching.None)]
    [InlineData(AllowedBatching.VariableBatching | AllowedBatching.OperationBatching)]
    public async Task A_list_of_requests_is_refused_unless_allowed(AllowedBatching allowed)
    {
        var executor = new StubExecutor();
        await using TransportServer server = await StartAsync(executor, allowed);

        (int status, string body) = await PostAsync(server, $"[{Hello}]");

        Assert.Equal(400, status);
        Assert.Contains("send them one by one", body, StringComparison.Ordinal);
        Assert.Empty(executor.Requests);
    }

    [Theory]
    [InlineData(AllowedBatching.None)]
    [InlineData(AllowedBatching.RequestBatching | AllowedBatching.OperationBatching)]
    public async Task A_list_of_variables_is_refused_unless_allowed(AllowedBatching allowed)
    {
        await using TransportServer server = await StartAsync(new StubExecutor(), allowed);

        (int status, string body) = await PostAsync(server, """{"query":"{ hello }","variables":[{}]}""");

        Assert.Equal(400, status);
        Assert.Contains("must be an object", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ordinary_request_is_not_affected()
    {
        await using TransportServer server = await StartAsync(new StubExecutor());

        Assert.Equal((200, World), await PostAsync(server, Hello));
    }

    [Fact]
    public async Task A_list_of_requests_gets_a_list_in_the_same_order()
    {
        var lastRan = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        StubExecutor executor = new StubExecutor().Answer("{ last }", (_, _) =>
        {
            lastRan.TrySetResult();
            return new(StubResult.Data("""{"b":2}"""));
        });
        executor.Answer("{ first }", async (_, _) =>
        {
            await lastRan.Task;
            return StubResult.Data("""{"a":1}""");
        }); // It ends after its successor.
        await using TransportServer server = await StartAsync(executor);

        (int status, string body) = await PostAsync(server, """[{"query":"{ first }"},{"query":"{ last }"}]""");

        Assert.Equal((200, """[{"data":{"a":1}},{"data":{"b":2}}]"""), (status, body));
    }

    [Fact]
    public async Task A_bad_entry_gets_its_error_and_the_others_run()
    {
        await using TransportServer server = await StartAsync(new StubExecutor());

        (int status, string body) = await PostAsync(
            server, $$"""[{{Hello}},{},7,{"query":"{ wrong }"},{"query":"subscription { tick }"},{"query":"{ hello }","variables":[{},7]},{{Hello}}]""");

        Assert.Equal(200, status);
        JsonElement[] answers = [.. JsonElement.Parse(body).EnumerateArray()];
        Assert.Equal(8, answers.Length);
        Assert.Equal([true, false, false, false, false, true, false, true], answers.Select(answer => answer.TryGetProperty("data", out _)));
        Assert.All(answers.Where(answer => !answer.TryGetProperty("data", out _)), answer => Assert.NotEmpty(answer.GetProperty("errors").EnumerateArray()));
    }

    [Fact]
    public async Task Mutations_run_one_after_another_in_order()
    {
        var executor = new StubExecutor();
        List<string> ran = [];
        foreach (string name in (string[])["{ q1 }", "mutation { m1 }", "mutation { m2 }", "{ q2 }"])
        {
            executor.Answer(name, async (_, _) =>
            {
                lock (ran)
                    ran.Add($"begin {name}");
                await Task.Yield();
                lock (ran)
                    ran.Add($"end {name}");
                return StubResult.Data("{}");
            });
        }
        await using TransportServer server = await StartAsync(executor);

        await PostAsync(server, """[{"query":"{ q1 }"},{"query":"mutation { m1 }"},{"query":"mutation { m2 }"},{"query":"{ q2 }"}]""");

        Assert.Equal(
            ["begin { q1 }", "end { q1 }", "begin mutation { m1 }",
                "end mutation { m1 }", "begin mutation { m2 }", "end mutation { m2 }", "begin { q2 }", "end { q2 }"],
            ran);
    }

    [Fact]
    public async Task Variables_and_operations_make_several_entries_of_one_document()
    {
        var executor = new StubExecutor();
        await using TransportServer server = await StartAsync(executor);

        (_, string byVariables) = await PostAsync(server, """{"query":"{ hello }","variables":[{"a":1},null]}""");
        (_, string byOperations) = await PostAsync(server, Hello, parameters: "?batchOperations=[First, Second]");

        Assert.Equal($"[{World},{World}]", byVariables);
        Assert.Equal($"[{World},{World}]", byOperations);
        GraphQLRequest[] requests = [.. executor.Requests];
        Assert.Equal(
            ["""{"a":1}""", "", "", ""],
            requests.Select(request => request.Variables.ValueKind == JsonValueKind.Object ? request.Variables.GetRawText() : "").Order().Reverse());
        Assert.Equal(["First", "Second"], requests.Select(request => request.OperationName).OfType<string>().Order());
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("""{"query":"{ hello }","variables":[]}""", "")]
    [InlineData(Hello, "?batchOperations=First")]
    [InlineData($"[{Hello}]", "?batchOperations=[First]")]
    [InlineData($"[{Hello}", "")]
    [InlineData($"[{Hello}] x", "")]
    public async Task An_invalid_batch_is_refused(string body, string parameters)
    {
        await using TransportServer server = await StartAsync(new StubExecutor());

        Assert.Equal(400, (await PostAsync(server, body, parameters: parameters)).Status);
    }

    [Theory]
    [InlineData(3, 200)]
    [InlineData(4, 400)]
    public async Task A_batch_may_have_as_many_entries_as_the_limit(int count, int expected)
    {
        await using TransportServer server = await StartAsync(new StubExecutor(), configure: options => options.MaxBatchSize = 3);

        (int byList, string body) = await PostAsync(server, $"[{string.Join(',', Enumerable.Repeat(Hello, count))}]");
        (int byVariables, _) = await PostAsync(server, $$"""{"query":"{ hello }","variables":[{{string.Join(',', Enumerable.Repeat("{}", count))}}]}""");
        (int byOperations, _) = await PostAsync(server, Hello, parameters: $"?batchOperations=[{string.Join(',', Enumerable.Repeat("A", count))}]");

        Assert.Equal([expected, expected, expected], [byList, byVariables, byOperations]);
        Assert.Equal(expected != 200, body.Contains("\"limit\":\"MaxBatchSize\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_entries_share_one_budget()
    {
        var executor = new StubExecutor();
        await using TransportServer server = await StartAsync(executor);

        await PostAsync(server, $"[{Hello},{Hello}]");

        Assert.NotNull(Assert.Single(executor.Requests.Select(request => request.CostBudget).Distinct()));
    }

    [Fact]
    public async Task The_entries_share_one_time_out()
    {
        StubExecutor executor = new();
        (Task begun, Task cancelled) = executor.AnswerNever("{ slow }");
        await using TransportServer server = await StartAsync(executor);

        Task<(int Status, string Body)> answer = PostAsync(server, $$"""[{{Hello}},{"query":"{ slow }"}]""");
        await begun.WithinDeadlineAsync();
        server.Clock.Advance(TimeSpan.FromSeconds(30));

        await cancelled.WithinDeadlineAsync();
        Assert.Contains("\"code\":\"TIMEOUT\"", (await answer).Body, StringComparison.Ordinal);
        Assert.StartsWith($"[{World},", (await answer).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_entries_share_one_limit_on_the_size_of_responses()
    {
        StubExecutor executor = new StubExecutor().Answer("{ large }", StubResult.Data($"\"{new string('x', 3_000)}\""));
        await using TransportServer server = await StartAsync(executor, bytes: 5_000);

        (_, string body) = await PostAsync(server, """[{"query":"{ large }"},{"query":"{ large }"}]""");

        Assert.Single(JsonElement.Parse(body).EnumerateArray(), answer => answer.TryGetProperty("data", out _));
        Assert.Single(JsonElement.Parse(body).EnumerateArray(), answer => answer.GetRawText().Contains("LIMIT_EXCEEDED", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("application/jsonl", "{0}\n{1}\n")]
    [InlineData("text/event-stream", ":\n\nevent: next\ndata: {0}\n\nevent: next\ndata: {1}\n\nevent: complete\ndata:\n\n")]
    public async Task A_client_that_reads_streams_gets_each_result_with_its_indices(string accept, string format)
    {
        await using TransportServer server = await StartAsync(new StubExecutor());

        (int status, string body) = await PostAsync(server, """[{"query":"{ hello }","variables":[{}]},{"query":"{ hello }"}]""", accept);

        Assert.Equal(200, status);
        string[] results = ["""{"requestIndex":0,"variableIndex":0,"data":{"hello":"world"}}""", """{"requestIndex":1,"data":{"hello":"world"}}"""];
        Assert.Contains(body, new[] { Fill(results[0], results[1]), Fill(results[1], results[0]) });

        string Fill(string one, string other) => format.Replace("{0}", one, StringComparison.Ordinal).Replace("{1}", other, StringComparison.Ordinal);
    }

    private static Task<TransportServer> StartAsync(
        StubExecutor executor, AllowedBatching allowed = AllowedBatching.All, Action<GraphQLTransportOptions>? configure = null, int? bytes = null) =>
        TransportServer.StartAsync(
            executor,
            options =>
            {
                options.Batching = allowed;
                configure?.Invoke(options);
            },
            services =>
            {
                if (bytes is { } bound)
                    services.Configure<RequestOptions>(options => options.ResponseBytesMax = bound);
            });

    private static async Task<(int Status, string Body)> PostAsync(
        TransportServer server, string body, string accept = "application/json", string parameters = "")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, parameters) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using HttpResponseMessage response = await server.Http.SendAsync(request).WaitAsync(TimeSpan.FromSeconds(20));
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
