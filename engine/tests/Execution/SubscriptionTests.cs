using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class SubscriptionTests
{
    private const string Sdl = """
        type Query { a: String }
        type Subscription { onNumber(from: Int! = 0): Number! onNothing: Int onFail: Int }
        type Number { value: Int! scope: Int! failOnTwo: Int }
        """;

    private readonly Channel<object> source = Channel.CreateUnbounded<object>();
    private readonly TaskCompletionSource sourceEnded = new();
    private readonly TestEngine engine;
    private int startedWith;

    public SubscriptionTests()
    {
        engine = new TestEngine(
            Sdl,
            builder => builder
                .Subscribe("Subscription.onNumber", async context =>
                {
                    await Task.Yield();
                    startedWith = context.ArgumentValue<int>("from");
                    return Read();
                })
                .Subscribe("Subscription.onFail", _ => throw new GraphQLException("Not now.", "NOT_NOW"))
                .ResolvePure("Number.value", number => number)
                .Resolve("Number.scope", context => ValueTask.FromResult<object?>(context.Services.GetRequiredService<Scoped>().Number))
                .Resolve(
                    "Number.failOnTwo",
                    context => context.Parent<int>() == 2 ? throw new GraphQLException("Two.", "TWO") : ValueTask.FromResult<object?>(0)),
            register: services => services.AddScoped<Scoped>());
    }

    [Fact]
    public async Task Each_event_is_executed_in_order_with_its_own_services()
    {
        ResponseStream stream = await Subscribe("subscription { n: onNumber(from: 5) { value scope __typename } }");
        foreach (int number in (int[])[1, 2, 3])
            source.Writer.TryWrite(number);
        source.Writer.Complete();

        List<string> answers = await ReadAll(stream);

        Assert.Equal(5, startedWith);
        int first = Scoped.Last - 2;
        Assert.Equal(
            Enumerable.Range(1, 3).Select(n => $$$$"""{"data":{"n":{"value":{{{{n}}}},"scope":{{{{first + n - 1}}}},"__typename":"Number"}}}"""), answers);
        Assert.Equal(Scoped.Last, Scoped.DisposedCount);
        Assert.True(sourceEnded.Task.IsCompleted);
    }

    [Fact]
    public async Task An_event_with_an_error_is_followed_by_the_next_event()
    {
        ResponseStream stream = await Subscribe("subscription { onNumber { value failOnTwo } }");
        source.Writer.TryWrite(2);
        source.Writer.TryWrite(3);
        source.Writer.Complete();

        List<string> answers = await ReadAll(stream);

        Assert.Contains("\"code\":\"TWO\"", answers[0], StringComparison.Ordinal);
        Assert.Equal("""{"data":{"onNumber":{"value":3,"failOnTwo":0}}}""", answers[1]);
    }

    [Fact]
    public async Task A_source_that_fails_ends_the_stream_with_its_error()
    {
        ResponseStream stream = await Subscribe("subscription { onNumber { value } }");
        source.Writer.TryWrite(1);
        source.Writer.Complete(new GraphQLException("Too slow.", "TOO_SLOW"));

        List<string> answers = await ReadAll(stream);

        Assert.Equal(
            ["""{"data":{"onNumber":{"value":1}}}""", """{"errors":[{"message":"Too slow.","extensions":{"code":"TOO_SLOW"}}]}"""], answers);
    }

    [Fact]
    public async Task A_client_that_stops_reading_ends_the_source()
    {
        ResponseStream stream = await Subscribe("subscription { onNumber { value } }");
        source.Writer.TryWrite(1);
        IAsyncEnumerator<OperationResult> reader = stream.ReadResultsAsync().GetAsyncEnumerator();
        Assert.True(await reader.MoveNextAsync());
        reader.Current.Dispose();

        await reader.DisposeAsync();

        await sourceEnded.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_cancelled_reader_ends_the_source_while_it_waits()
    {
        using var client = new CancellationTokenSource();
        ResponseStream stream = await Subscribe("subscription { onNumber { value } }");
        IAsyncEnumerator<OperationResult> reader = stream.ReadResultsAsync().GetAsyncEnumerator(client.Token);
        ValueTask<bool> next = reader.MoveNextAsync();

        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await next);
        await sourceEnded.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData(
        "subscription { f: onFail }",
        """{"errors":[{"message":"Not now.","locations":[{"line":1,"column":16}],"path":["f"],"extensions":{"code":"NOT_NOW"}}]}""")]
    [InlineData(
        "subscription ($n: Int) { onNumber(from: $n) { value } }",
        """{"errors":[{"message":"`from` must not be null; its type is """
            + """Int!.","locations":[{"line":1,"column":41}],"path":["onNumber"],"extensions":{"code":"BAD_USER_INPUT"}}]}""")]
    public async Task A_source_that_does_not_start_is_a_request_error(string query, string expected) =>
        Assert.Equal(expected, await engine.AnswerAsync(query, """{"n":null}"""));

    [Fact]
    public async Task A_field_without_a_source_is_an_internal_error()
    {
        Assert.Contains("INTERNAL", await engine.AnswerAsync("subscription { onNothing }"), StringComparison.Ordinal);
        Assert.Contains("onNothing", Assert.Single(engine.Log), StringComparison.Ordinal);
    }

    private async Task<ResponseStream> Subscribe(string query) => Assert.IsAssignableFrom<ResponseStream>(await engine.ExecuteAsync(query));

    private static async Task<List<string>> ReadAll(ResponseStream stream)
    {
        var answers = new List<string>();
        await foreach (OperationResult result in stream.ReadResultsAsync())
        {
            using (result)
                answers.Add(TestEngine.Text(result));
        }
        return answers;
    }

    private async IAsyncEnumerable<object> Read([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        try
        {
            await foreach (object number in source.Reader.ReadAllAsync(cancellation))
                yield return number;
        }
        finally
        {
            sourceEnded.SetResult();
        }
    }

    private sealed class Scoped : IDisposable
    {
        public static int Last { get; private set; }
        public static int DisposedCount { get; private set; }

        public int Number { get; } = ++Last;

        public void Dispose() => DisposedCount++;
    }
}
