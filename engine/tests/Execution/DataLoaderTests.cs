using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class DataLoaderTests
{
    private const string Sdl = """
        type Query { items(count: Int!): [Item!]! tag(id: Int!): Tag other: Item }
        type Item { id: Int! tag: Tag parent: Item parts: [Int!]! double: Item }
        type Tag { id: Int! name: String next: Tag }
        """;

    private readonly FetchLog fetches = new();
    private readonly TestEngine engine;

    public DataLoaderTests()
    {
        engine = new TestEngine(
            Sdl,
            builder => builder
                .Resolve(
                    "Query.items",
                    context => ValueTask.FromResult<object?>(Enumerable.Range(1, context.ArgumentValue<int>("count")).Select(Item).ToArray()))
                .Resolve("Query.other", async _ =>
                {
                    await Task.Yield();
                    return Item(1_000);
                })
                .Resolve("Query.tag", async context => await context.DataLoader<Tags>().LoadAsync(context.ArgumentValue<int>("id"), context.RequestAborted))
                .Resolve("Item.tag", async context => await context.DataLoader<Tags>().LoadAsync(IdOf(context), context.RequestAborted))
                .Resolve("Item.parent", async context =>
                {
                    object? tag = await context.DataLoader<Tags>().LoadAsync(IdOf(context));
                    return await context.DataLoader<Items>().LoadAsync(tag is null ? 0 : IdOf(context) + 1);
                })
                .Resolve("Item.parts", async context => await context.DataLoader<Parts>().LoadAsync(IdOf(context)))
                .Resolve("Item.double", async context => await context.DataLoader<Doubles>().LoadAsync(IdOf(context)))
                .Resolve("Tag.next", async context => await context.DataLoader<Tags>().LoadAsync(IdOf(context) + 1)),
            options => options.DataLoaderBatchSizeMax = 100,
            register: services => services.AddSingleton(fetches));
    }

    [Fact]
    public async Task Each_level_is_fetched_in_one_batch()
    {
        await engine.AnswerAsync("{ items(count: 10) { tag { name next { name next { name } } } } }");

        Assert.Equal(["tags 1-10", "tags 11-11", "tags 12-12"], fetches.ToList());
    }

    [Fact]
    public async Task A_key_is_fetched_once_per_request()
    {
        const string Query = "{ a: items(count: 3) { tag { id } } b: items(count: 3) { tag { id } } tag(id: 2) { id } }";

        await engine.AnswerAsync(Query);
        await engine.AnswerAsync(Query);

        Assert.Equal(["tags 1-3", "tags 1-3"], fetches.ToList());
    }

    [Fact]
    public async Task A_resolver_that_loads_after_a_load_is_batched_with_its_siblings()
    {
        string answer = await engine.AnswerAsync("{ items(count: 3) { parent { id } } }");

        Assert.Equal("""{"data":{"items":[{"parent":{"id":2}},{"parent":{"id":3}},{"parent":{"id":4}}]}}""", answer);
        Assert.Equal(["tags 1-3", "items 2-4"], fetches.ToList());
    }

    [Fact]
    public async Task A_loader_that_uses_another_loader_waits_for_nothing_else()
    {
        string answer = await engine.AnswerAsync("{ items(count: 2) { double { id } } }");

        Assert.Equal("""{"data":{"items":[{"double":{"id":2}},{"double":{"id":4}}]}}""", answer);
        Assert.Equal(["doubles 1-2", "items 2-4"], fetches.ToList());
    }

    [Fact]
    public async Task A_large_batch_is_split_at_its_limit()
    {
        await engine.AnswerAsync("{ items(count: 250) { tag { id } } }");

        Assert.Equal(["tags 1-100", "tags 101-200", "tags 201-250"], fetches.ToList());
    }

    [Fact]
    public async Task A_key_without_a_value_is_null_and_without_a_group_an_empty_list()
    {
        string answer = await engine.AnswerAsync("{ tag(id: -1) { id } items(count: 3) { parts } }");

        Assert.Equal("""{"data":{"tag":null,"items":[{"parts":[]},{"parts":[0]},{"parts":[0,1]}]}}""", answer);
        Assert.Equal(["tags -1--1", "parts 1-3"], fetches.ToList().Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public async Task A_failed_batch_fails_each_of_its_fields_and_is_logged_once()
    {
        fetches.Failure = new InvalidOperationException("The secret host is down.");

        string answer = await engine.AnswerAsync("{ items(count: 3) { tag { id } } }");

        Assert.EndsWith("""
            "data":{"items":[{"tag":null},{"tag":null},{"tag":null}]}}
            """, answer, StringComparison.Ordinal);
        Assert.Equal(3, answer.Split("\"INTERNAL\"").Length - 1);
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
        Assert.Contains("secret", Assert.Single(engine.Log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loader_may_fail_for_a_single_key()
    {
        var loader = new OddOnly();

        Task<int> odd = loader.LoadAsync(1);
        Task<int> even = loader.LoadAsync(2);

        Assert.Equal(1, await odd);
        await Assert.ThrowsAsync<InvalidOperationException>(() => even);
    }

    [Fact]
    public async Task Outside_of_a_request_a_loader_fetches_immediately()
    {
        var loader = new Tags(fetches);

        IReadOnlyList<Dictionary<string, object?>?> tags = await loader.LoadAsync([1, 2, 3, 2]);

        Assert.Equal([1, 2, 3, 2], tags.Select(tag => (int)tag!["id"]!));
        Assert.Equal(["tags 1-3"], fetches.ToList());
    }

    [Fact]
    public async Task A_value_set_is_not_fetched_and_a_removed_one_is_fetched_again()
    {
        var loader = new Tags(fetches);
        loader.Set(1, []);

        await loader.LoadAsync(1);
        loader.Remove(1);
        await loader.LoadAsync(1);

        Assert.Equal(["tags 1-1"], fetches.ToList());
    }

    [Fact]
    public async Task Waiting_for_a_key_can_be_cancelled()
    {
        fetches.Gate = new TaskCompletionSource();
        var loader = new Tags(fetches);
        using var patience = new CancellationTokenSource();

        Task<Dictionary<string, object?>?> waiting = loader.LoadAsync(1, patience.Token);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        fetches.Gate.SetResult();
    }

    [Fact]
    public async Task A_slow_fetch_does_not_hold_up_another_loader()
    {
        fetches.Gate = new TaskCompletionSource();

        Task<string> answer = engine.AnswerAsync("{ items(count: 1) { tag { id } parts } }");
        await fetches.Seen("parts 1-1").WaitAsync(TimeSpan.FromSeconds(10));
        fetches.Gate.SetResult();

        Assert.Equal("""{"data":{"items":[{"tag":{"id":1},"parts":[]}]}}""", await answer);
    }

    [Fact]
    public async Task Loaders_are_disposed_with_their_request()
    {
        await engine.AnswerAsync("{ items(count: 1) { parts } }");

        Assert.Equal(1, fetches.DisposedCount);
    }

    private static Dictionary<string, object?> Item(int id) => new() { ["id"] = id };

    private static int IdOf(ResolverContext context) => (int)context.Parent<Dictionary<string, object?>>()["id"]!;

    internal sealed class FetchLog
    {
        private readonly List<string> entries = [];
        private readonly Dictionary<string, TaskCompletionSource> awaited = [];

        public Exception? Failure { get; set; }
        public TaskCompletionSource? Gate { get; set; }
        public int DisposedCount { get; set; }

        public void Add(string loader, IReadOnlyList<int> keys)
        {
            lock (entries)
            {
                entries.Add(string.Create(CultureInfo.InvariantCulture, $"{loader} {keys[0]}-{keys[^1]}"));
                if (awaited.TryGetValue(entries[^1], out TaskCompletionSource? signal))
                    signal.TrySetResult();
            }
        }

        public Task Seen(string entry)
        {
            lock (entries)
            {
                if (entries.Contains(entry))
                    return Task.CompletedTask;
                awaited[entry] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                return awaited[entry].Task;
            }
        }

        public IReadOnlyList<string> ToList()
        {
            lock (entries)
                return [.. entries];
        }
    }

    internal sealed class Tags(FetchLog log) : BatchDataLoader<int, Dictionary<string, object?>>
    {
        protected override async Task<IReadOnlyDictionary<int, Dictionary<string, object?>>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken cancellation)
        {
            log.Add("tags", keys);
            await (log.Gate?.Task ?? Task.CompletedTask);
            await Task.Yield();
            if (log.Failure is { } failure)
                throw failure;
            return keys.Where(key => key > 0).ToDictionary(key => key, key => new Dictionary<string, object?> { ["id"] = key, ["name"] = $"tag {key}" });
        }
    }

    internal sealed class Items(FetchLog log) : BatchDataLoader<int, Dictionary<string, object?>>
    {
        protected override Task<IReadOnlyDictionary<int, Dictionary<string, object?>>> LoadBatchAsync(IReadOnlyList<int> keys, CancellationToken cancellation)
        {
            log.Add("items", keys);
            return Task.FromResult<IReadOnlyDictionary<int, Dictionary<string, object?>>>(keys.ToDictionary(key => key, Item));
        }
    }

    internal sealed class Parts(FetchLog log) : GroupedDataLoader<int, int>, IDisposable
    {
        protected override async Task<ILookup<int, int>> LoadGroupedBatchAsync(IReadOnlyList<int> keys, CancellationToken cancellation)
        {
            log.Add("parts", keys);
            await Task.Yield();
            return keys.SelectMany(key => Enumerable.Range(0, key - 1).Select(part => (key, part))).ToLookup(pair => pair.key, pair => pair.part);
        }

        public void Dispose() => log.DisposedCount++;
    }

    internal sealed class Doubles(FetchLog log, IServiceProvider services) : BatchDataLoader<int, Dictionary<string, object?>>
    {
        private readonly Items items = new(services.GetRequiredService<FetchLog>());

        protected override async Task<IReadOnlyDictionary<int, Dictionary<string, object?>>> LoadBatchAsync(
            IReadOnlyList<int> keys, CancellationToken cancellation)
        {
            log.Add("doubles", keys);
            IReadOnlyList<Dictionary<string, object?>?> found = await items.LoadAsync([.. keys.Select(key => key * 2)], cancellation);
            return keys.Zip(found).ToDictionary(pair => pair.First, pair => pair.Second!);
        }
    }

    internal sealed class OddOnly : DataLoaderBase<int, int>
    {
        protected override ValueTask FetchAsync(IReadOnlyList<int> keys, Memory<Result<int>> results, CancellationToken cancellation)
        {
            for (int i = 0; i < keys.Count; i++)
                results.Span[i] = keys[i] % 2 == 1 ? Result<int>.Of(keys[i]) : Result<int>.Failed(new InvalidOperationException("Even."));
            return ValueTask.CompletedTask;
        }
    }
}
