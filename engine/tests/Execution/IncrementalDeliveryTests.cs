using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.Tests.Transport;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

/// <summary>
/// What the oracle's documents cannot test: when things start and end, sequences, limits. The oracle tests compare what is delivered with graphql-js.
/// </summary>
public sealed class IncrementalDeliveryTests
{
    private const string Sdl = """
        directive @defer(if: Boolean! = true, label: String) on FRAGMENT_SPREAD | INLINE_FRAGMENT
        directive @stream(initialCount: Int! = 0, if: Boolean! = true, label: String) on FIELD
        type Query { a: String slow: String never: String strict: Int! numbers: [Int] endless: [Int] rows: [Row!] long: String }
        type Row { a: String b: String }
        """;

    private readonly TaskCompletionSource slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> events = [];

    [Fact]
    public async Task Deferred_work_starts_once_the_rest_has_been_read()
    {
        TestEngine engine = Engine();
        await using IAsyncEnumerator<OperationResult> results = await ReadAsync(engine, """{ a ... @defer(label: "later") { slow } }""");

        Assert.True(await results.MoveNextAsync());
        Assert.Equal("""{"data":{"a":"a"},"pending":[{"id":"0","path":[],"label":"later"}],"hasNext":true}""", Take(results));
        Assert.Empty(events);
        ValueTask<bool> next = results.MoveNextAsync();
        Assert.Equal(["slow"], events);
        slow.SetResult();

        Assert.True(await next);
        Assert.Equal("""{"hasNext":false,"incremental":[{"id":"0","data":{"slow":"slow"}}],"completed":[{"id":"0"}]}""", Take(results));
        Assert.False(await results.MoveNextAsync());
        Assert.Equal(0, engine.Buffers.RentedCount);
    }

    [Theory]
    [InlineData("{ a ... @defer { b: a } numbers @stream }", false)]
    [InlineData("{ a ... @defer(if: false) { b: a } numbers @stream(if: false) }", true)]
    [InlineData("{ a b: a ... @defer { b: a } numbers }", true)]
    public async Task Everything_is_delivered_at_once_if_the_transport_cannot_deliver_later(string query, bool isAllowed)
    {
        TestEngine engine = Engine();

        using var result = (OperationResult)await engine.Executor.ExecuteAsync(engine.Request(query) with { AllowsIncrementalDelivery = isAllowed });

        Assert.Equal("""{"data":{"a":"a","b":"a","numbers":[1,2,3]}}""", TestEngine.Text(result));
    }

    [Fact]
    public async Task A_sequence_is_read_as_far_as_the_client_reads_and_ended_when_it_disconnects()
    {
        TestEngine engine = Engine();
        IAsyncEnumerator<OperationResult> results = await ReadAsync(engine, "{ endless @stream(initialCount: 2) }");

        Assert.True(await results.MoveNextAsync());
        Assert.Equal("""{"data":{"endless":[0,1]},"pending":[{"id":"0","path":["endless"]}],"hasNext":true}""", Take(results));
        List<int> items = [];
        while (items.Count < 2) // A payload contains what is ready when it is read: one item or several.
        {
            Assert.True(await results.MoveNextAsync());
            string payload = Take(results);
            Assert.StartsWith("""{"hasNext":true,"incremental":[{"id":"0","items":[""", payload, StringComparison.Ordinal);
            items.AddRange(
                JsonDocument.Parse(payload).RootElement.GetProperty("incremental")[0].GetProperty("items").EnumerateArray().Select(item => item.GetInt32()));
        }
        Assert.Equal(Enumerable.Range(2, items.Count), items);
        await results.DisposeAsync();

        Assert.Equal(["ended"], events);
        Assert.Equal(0, engine.Buffers.RentedCount);
    }

    [Fact]
    public async Task A_disconnecting_client_stops_deferred_work()
    {
        TestEngine engine = Engine();
        using var client = new CancellationTokenSource();
        await using IAsyncEnumerator<OperationResult> results = await ReadAsync(engine, "{ a ... @defer { never } }", client.Token);
        Assert.True(await results.MoveNextAsync());
        Take(results);
        ValueTask<bool> next = results.MoveNextAsync();

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        Assert.Equal(["stopped"], events);
        Assert.Equal(0, engine.Buffers.RentedCount);
    }

    [Theory]
    [InlineData("{ a ... @defer { never } }")]
    [InlineData("{ a ... @defer { slow } }")] // Ignores cancellation, and is abandoned.
    public async Task Deferred_work_ends_with_the_time_of_the_request(string query)
    {
        var clock = new TestClock();
        TestEngine engine = Engine(clock: clock);
        await using IAsyncEnumerator<OperationResult> results = await ReadAsync(engine, query);
        Assert.True(await results.MoveNextAsync());
        Take(results);
        Task<bool> next = results.MoveNextAsync().AsTask();

        clock.Advance(engine.Options.ExecutionTimeout - TimeSpan.FromTicks(1));
        Assert.False(next.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));
        clock.Advance(engine.Options.StopTimeout);

        Assert.True(await next.WithinDeadlineAsync());
        Assert.Equal(
            """{"hasNext":false,"completed":[{"id":"0","errors":[{"message":"The operation ran out of time.","extensions":{"code":"TIMEOUT"}}]}]}""",
            Take(results));
        Assert.False(await results.MoveNextAsync());
        slow.SetResult();
    }

    [Fact]
    public async Task A_sequence_ends_with_the_time_of_the_request_and_so_does_its_source()
    {
        var clock = new TestClock();
        TestEngine engine = Engine(clock: clock);
        await using IAsyncEnumerator<OperationResult> results = await ReadAsync(engine, "{ endless @stream(initialCount: 2) }");
        Assert.True(await results.MoveNextAsync());
        Take(results);

        clock.Advance(engine.Options.ExecutionTimeout);

        Assert.True(await results.MoveNextAsync().AsTask().WithinDeadlineAsync());
        Assert.Equal(ErrorCodes.Timeout, Assert.Single(results.Current.Errors).Code);
        Assert.StartsWith("""{"hasNext":false,"completed":[{"id":"0","errors":[""", Take(results), StringComparison.Ordinal);
        Assert.False(await results.MoveNextAsync());
        Assert.Equal(["ended"], events);
        Assert.Equal(0, engine.Buffers.RentedCount);
    }

    [Fact]
    public async Task More_parts_than_the_limit_are_refused()
    {
        TestEngine engine = Engine(options => options.PendingDeliveryCountMax = 2);

        using var refused = (OperationResult)await engine.Executor.ExecuteAsync(
            engine.Request("{ rows { a ... @defer { b } } }") with { AllowsIncrementalDelivery = true });
        await using IAsyncEnumerator<OperationResult> allowed = await ReadAsync(engine, "{ ... @defer { a } ... @defer { slow } }");

        Assert.Equal(ErrorCodes.LimitExceeded, Assert.Single(refused.Errors).Code);
        Assert.EndsWith("\"data\":null}", TestEngine.Text(refused), StringComparison.Ordinal);
        Assert.True(await allowed.MoveNextAsync());
        Take(allowed);
    }

    [Fact]
    public async Task Parts_that_are_too_large_in_total_end_the_response_with_an_error()
    {
        TestEngine engine = Engine(options => options.ResponseBytesMax = 1_500);
        await using IAsyncEnumerator<OperationResult> results = await ReadAsync(engine, "{ long ... @defer { second: long } }");
        Assert.True(await results.MoveNextAsync());
        Take(results);

        Assert.True(await results.MoveNextAsync());

        Assert.Equal(ErrorCodes.LimitExceeded, Assert.Single(results.Current.Errors).Code);
        Assert.StartsWith("""{"hasNext":false,"completed":[{"id":"0","errors":[""", Take(results), StringComparison.Ordinal);
        Assert.False(await results.MoveNextAsync());
        Assert.Equal(0, engine.Buffers.RentedCount);
    }

    [Theory]
    [InlineData(ErrorHandling.Propagate, "\"completed\":[{\"id\":\"0\",\"errors\":[")]
    [InlineData(ErrorHandling.Null, "\"incremental\":[{\"id\":\"0\",\"data\":{\"strict\":null},\"errors\":[")]
    [InlineData(ErrorHandling.Halt, "\"completed\":[{\"id\":\"0\",\"errors\":[")]
    public async Task An_error_in_what_was_deferred_is_handled_as_the_request_says(ErrorHandling mode, string expected)
    {
        TestEngine engine = Engine();
        var stream = (ResponseStream)await engine.Executor.ExecuteAsync(
            engine.Request("{ a ... @defer { strict } }") with { AllowsIncrementalDelivery = true, OnError = mode });
        await using IAsyncEnumerator<OperationResult> results = stream.ReadResultsAsync().GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        Take(results);

        Assert.True(await results.MoveNextAsync());

        Assert.StartsWith("{\"hasNext\":false," + expected, Take(results), StringComparison.Ordinal);
        Assert.False(await results.MoveNextAsync());
    }

    [Fact]
    public async Task A_negative_initial_count_fails_the_field()
    {
        TestEngine engine = Engine();

        using var result = (OperationResult)await engine.Executor.ExecuteAsync(
            engine.Request("query ($n: Int!) { numbers @stream(initialCount: $n) }", """{"n":-1}""") with { AllowsIncrementalDelivery = true });

        Assert.Equal(ErrorCodes.BadUserInput, Assert.Single(result.Errors).Code);
        Assert.EndsWith("\"data\":{\"numbers\":null}}", TestEngine.Text(result), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_method_that_returns_a_sequence_is_streamed_from_it_or_read_to_its_end()
    {
        var services = new ServiceCollection();
        services.AddGraphQLServer().AddQueryType<Counter>().ModifyRequestOptions(options => options.EnableDefer = options.EnableStream = true);
        await using ServiceProvider provider = services.BuildServiceProvider();
        IRequestExecutor executor = provider.GetRequiredService<IRequestExecutor>();
        var request = new GraphQLRequest { Query = "{ count @stream(initialCount: 1) }", Services = provider };

        using var whole = (OperationResult)await executor.ExecuteAsync(request);
        var stream = (ResponseStream)await executor.ExecuteAsync(request with { AllowsIncrementalDelivery = true });
        await using IAsyncEnumerator<OperationResult> results = stream.ReadResultsAsync().GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());

        Assert.Equal("""{"data":{"count":[0,1,2]}}""", TestEngine.Text(whole));
        Assert.Equal("""{"data":{"count":[0]},"pending":[{"id":"0","path":["count"]}],"hasNext":true}""", Take(results));
        Assert.Contains("directive @stream(", SchemaPrinter.Print(executor.Schema), StringComparison.Ordinal);
        Assert.Contains("directive @defer(", SchemaPrinter.Print(executor.Schema), StringComparison.Ordinal);
    }

    private sealed class Counter
    {
        public async IAsyncEnumerable<int> GetCount()
        {
            for (int number = 0; number < 3; number++)
            {
                await Task.Yield();
                yield return number;
            }
        }
    }

    private static string Take(IAsyncEnumerator<OperationResult> results)
    {
        using OperationResult result = results.Current;
        return TestEngine.Text(result);
    }

    private static async Task<IAsyncEnumerator<OperationResult>> ReadAsync(TestEngine engine, string query, CancellationToken client = default)
    {
        var stream = (ResponseStream)await engine.Executor.ExecuteAsync(engine.Request(query) with { AllowsIncrementalDelivery = true }, client);
        Assert.True(stream.IsIncremental);
        return stream.ReadResultsAsync().GetAsyncEnumerator(client);
    }

    private TestEngine Engine(Action<RequestOptions>? configure = null, TimeProvider? clock = null) => new(
        Sdl,
        builder => builder
            .ResolvePure("Query.a", _ => "a")
            .ResolvePure("Query.strict", _ => null)
            .ResolvePure("Query.numbers", _ => Enumerable.Range(1, 3))
            .ResolvePure("Query.long", _ => new string('x', 1_000))
            .ResolvePure("Query.rows", _ => Enumerable.Range(0, 3).Select(_ => new Dictionary<string, object?> { ["a"] = "a", ["b"] = "b" }).ToArray())
            .Resolve("Query.endless", context => ValueTask.FromResult<object?>(CountAsync(context.RequestAborted)))
            .Resolve("Query.slow", async _ =>
            {
                events.Add("slow");
                await slow.Task;
                return "slow";
            })
            .Resolve("Query.never", async context =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, context.RequestAborted);
                }
                finally
                {
                    events.Add("stopped");
                }
                return null;
            }),
        configure, clock);

    private async IAsyncEnumerable<object?> CountAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        try
        {
            for (int number = 0; ; number++)
            {
                await Task.Yield();
                cancellation.ThrowIfCancellationRequested();
                yield return number;
            }
        }
        finally
        {
            events.Add("ended");
        }
    }
}
