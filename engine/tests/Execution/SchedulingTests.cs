using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Testing;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class SchedulingTests
{
    private const string Sdl = """
        type Query { a: String b: String strict: String! }
        type Mutation { add(number: Int!): Counter! failStrict: String! }
        type Counter { total: Int! later: Int! }
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Fields_of_a_query_run_concurrently()
    {
        var aStarted = new TaskCompletionSource();
        var bStarted = new TaskCompletionSource();
        var engine = new TestEngine(Sdl, builder => builder
            .Resolve("Query.a", async _ =>
            {
                aStarted.SetResult();
                await bStarted.Task;
                return "a";
            })
            .Resolve("Query.b", async _ =>
            {
                bStarted.SetResult();
                await aStarted.Task;
                return "b";
            }));

        Assert.Equal("""{"data":{"b":"b","a":"a"}}""", await engine.AnswerAsync("{ b a }").WaitAsync(Patience));
    }

    [Fact]
    public async Task Mutations_run_one_after_another_with_everything_below_them()
    {
        int total = 0;
        var order = new List<string>();
        TestEngine engine = Counting(order, number => total += number, () => total);

        string answer = await engine.AnswerAsync("mutation { x: add(number: 1) { total later } y: add(number: 2) { later total } }");

        Assert.Equal("""{"data":{"x":{"total":1,"later":1},"y":{"later":3,"total":3}}}""", answer);
        Assert.Equal(["add 1", "later", "add 2", "later"], order);
    }

    [Fact]
    public async Task After_a_mutation_that_makes_the_whole_response_null_no_other_starts()
    {
        var order = new List<string>();
        TestEngine engine = Counting(order, _ => 0, () => 0);

        string answer = await engine.AnswerAsync("mutation { add(number: 1) { total } failStrict more: add(number: 2) { total } }");

        Assert.EndsWith("\"data\":null}", answer, StringComparison.Ordinal);
        Assert.Equal(["add 1"], order);
    }

    [Fact]
    public async Task A_disconnecting_client_cancels_the_resolvers_and_gets_no_response()
    {
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var engine = new TestEngine(Sdl, builder => builder.Resolve("Query.a", context => Hang(context, started, cancelled)));
        using var client = new CancellationTokenSource();

        Task answer = engine.ExecuteAsync("{ a }", cancellation: client.Token).AsTask();
        await started.Task.WaitAsync(Patience);
        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await cancelled.Task.WaitAsync(Patience);
        Assert.Equal(0, engine.Buffers.RentedCount);
        Assert.Empty(engine.Log);
    }

    [Fact]
    public async Task An_operation_that_runs_out_of_time_is_cancelled_and_gets_a_response()
    {
        var clock = new TestClock();
        var started = new TaskCompletionSource();
        var cancelled = new TaskCompletionSource();
        var engine = new TestEngine(Sdl, builder => builder.Resolve("Query.a", context => Hang(context, started, cancelled)), clock: clock);

        Task<string> answer = engine.AnswerAsync("{ a b }");
        await started.Task.WaitAsync(Patience);
        clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(cancelled.Task.IsCompleted);
        clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(
            """{"errors":[{"message":"The operation ran out of time.","extensions":{"code":"TIMEOUT"}}],"data":null}""",
            await answer.WaitAsync(Patience));
        await cancelled.Task.WaitAsync(Patience);
        Assert.Equal(0, engine.Buffers.RentedCount);
        Assert.Equal(0, clock.ArmedTimerCount);
    }

    [Fact]
    public async Task A_resolver_that_does_not_stop_is_abandoned()
    {
        var clock = new TestClock();
        var started = new TaskCompletionSource();
        var never = new TaskCompletionSource<object?>();
        var engine = new TestEngine(Sdl, builder => builder.Resolve("Query.a", async _ =>
        {
            started.SetResult();
            return await never.Task;
        }), clock: clock);

        Task<string> answer = engine.AnswerAsync("{ a }");
        await started.Task.WaitAsync(Patience);
        clock.Advance(engine.Options.ExecutionTimeout);
        Assert.False(answer.IsCompleted);
        clock.Advance(engine.Options.StopTimeout);

        Assert.Contains("TIMEOUT", await answer.WaitAsync(Patience), StringComparison.Ordinal);
        never.SetResult("too late");
    }

    [Fact]
    public async Task An_error_filter_may_say_what_took_the_time()
    {
        var clock = new TestClock();
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        var engine = new TestEngine(
            Sdl, builder => builder.Resolve("Query.a", context => Hang(context, started, cancelled)),
            register: services => services.AddSingleton<IErrorFilter, StoreFilter>(), clock: clock);

        Task<string> answer = engine.AnswerAsync("{ a }");
        await started.Task.WaitAsync(Patience);
        clock.Advance(engine.Options.ExecutionTimeout);

        Assert.Equal("""{"errors":[{"message":"The store is gone.","extensions":{"code":"UNAVAILABLE"}}],"data":null}""", await answer.WaitAsync(Patience));
    }

    [Fact]
    public async Task The_time_limit_is_checked_while_a_large_response_is_written()
    {
        var clock = new TestClock();
        var engine = new TestEngine("type Query { items: [Item!] } type Item { n: Int }", builder => builder
            .ResolvePure("Query.items", _ => Enumerable.Range(0, 5_000).Select(number => (object)number))
            .ResolvePure("Item.n", number =>
            {
                clock.Advance(TimeSpan.FromSeconds(0.02));
                return number;
            }), clock: clock);

        Assert.Contains("TIMEOUT", await engine.AnswerAsync("{ items { n } }"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_response_that_never_waits_sets_no_timer()
    {
        var clock = new TestClock();
        var engine = new TestEngine(Sdl, builder => builder.Resolve("Query.a", _ =>
        {
            Assert.Equal(0, clock.ArmedTimerCount);
            return ValueTask.FromResult<object?>("a");
        }), clock: clock);

        Assert.Equal("""{"data":{"a":"a"}}""", await engine.AnswerAsync("{ a }"));
    }

    [Fact]
    public async Task Two_hundred_concurrent_requests_each_get_their_own_response()
    {
        var engine = new TestEngine("type Query { items(from: Int!): [Item!]! } type Item { twice: Int! again: Item! }", builder => builder
            .Resolve("Query.items", async context =>
            {
                await Task.Yield();
                return Enumerable.Range(context.ArgumentValue<int>("from"), 20).Cast<object>();
            })
            .Resolve("Item.twice", async context => await context.DataLoader<Twice>().LoadAsync(context.Parent<int>()))
            .Resolve("Item.again", async context =>
            {
                await Task.Yield();
                return context.Parent<int>();
            }));

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (number, _) =>
        {
            string answer = await engine.AnswerAsync("query ($from: Int!) { items(from: $from) { twice again { twice } } }", $$"""{"from":{{number * 100}}}""");

            string expected = string.Join(
                ',', Enumerable.Range(number * 100, 20).Select(item => $$$"""{"twice":{{{item * 2}}},"again":{"twice":{{{item * 2}}}}}"""));
            Assert.Equal($$$"""{"data":{"items":[{{{expected}}}]}}""", answer);
        });
        Assert.Equal(1, engine.Executor.CachedDocumentCount);
        Assert.Equal(0, engine.Buffers.RentedCount);
    }

    private static TestEngine Counting(List<string> order, Func<int, int> add, Func<int> total) => new(Sdl, builder => builder
        .Resolve("Mutation.add", async context =>
        {
            await Task.Yield();
            int number = context.ArgumentValue<int>("number");
            order.Add($"add {number}");
            add(number);
            return new object();
        })
        .Resolve("Mutation.failStrict", _ => throw new GraphQLException("No.", "NO"))
        .ResolvePure("Counter.total", _ => total())
        .Resolve("Counter.later", async _ =>
        {
            await Task.Yield();
            order.Add("later");
            return total();
        }));

    private sealed class StoreFilter : IErrorFilter
    {
        public GraphQLError? OnError(Exception exception) =>
            exception is OperationTimedOutException ? new GraphQLError("The store is gone.", ErrorCodes.Unavailable) : null;
    }

    private static async ValueTask<object?> Hang(ResolverContext context, TaskCompletionSource started, TaskCompletionSource cancelled)
    {
        started.SetResult();
        try
        {
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        finally
        {
            cancelled.SetResult();
        }
        return null;
    }

    private sealed class Twice : BatchDataLoader<int, int>
    {
        protected override async Task<IReadOnlyDictionary<int, int>> LoadBatchAsync(IReadOnlyList<int> keys, CancellationToken cancellation)
        {
            await Task.Yield();
            return keys.ToDictionary(key => key, key => key * 2);
        }
    }
}
