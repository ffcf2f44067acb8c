using System.Text;
using Mycelium.GraphQL.Engine.Execution;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class BoundsTests
{
    private const string Sdl =
        "type Query { self: Query! again: Query text: String items(count: Int!): [Item!]! later: Query } type Item { n: Int! twice: Int! }";

    [Theory]
    [InlineData("self")]
    [InlineData("later")]
    public async Task An_operation_may_be_two_hundred_fields_deep(string field)
    {
        TestEngine engine = Engine();
        string nested = string.Concat(Enumerable.Repeat($"{{ {field} ", 199));

        string answer = await engine.AnswerAsync($"{nested} {{ text }} {new string('}', 199)}");

        Assert.StartsWith($$"""{"data":{"{{field}}":{""", answer, StringComparison.Ordinal);
        Assert.Equal(200, answer.Split("\":").Length - 2);
    }

    [Fact]
    public async Task Fragments_do_not_make_an_operation_deeper_than_that()
    {
        string query =
            $"{{ ...F0 }} {string.Concat(Enumerable.Range(0, 210).Select(n => $"fragment F{n} on Query {{ self {{ ...F{n + 1} }} }} "))} fragment "
                + $"F210 on Query {{ text }}";

        string answer = await Engine().AnswerAsync(query);

        Assert.Equal(
            """{"errors":[{"message":"The operation is nested deeper than 200 """
                + """fields.","extensions":{"code":"LIMIT_EXCEEDED","limit":"fieldDepth","max":200}}]}""",
            answer);
    }

    [Fact]
    public async Task Fragments_that_spread_each_other_very_deeply_are_refused_and_harm_nobody()
    {
        string chain =
            $"{{ ...F0 }} {string.Concat(Enumerable.Range(0, 1_500).Select(n => $"fragment F{n} on Query {{ ...F{n + 1} }} "))} fragment F1500 on "
                + $"Query {{ text }}";
        TestEngine engine = Engine();

        Assert.StartsWith("{\"errors\":[", await engine.AnswerAsync(chain), StringComparison.Ordinal);
        Assert.Equal("""{"data":{"text":"t"}}""", await engine.AnswerAsync("{ text }"));
    }

    [Fact]
    public async Task A_fragment_spread_again_and_again_is_planned_once()
    {
        // 2^30 fields if each spread were planned again; the data ends after one level, as real data does.
        IEnumerable<string> fragments = Enumerable.Range(0, 30)
            .Select(n => $"fragment F{n} on Query {{ x: again {{ ...F{n + 1} }} y: again {{ ...F{n + 1} }} }} ");
        string query = $"{{ again {{ ...F0 }} }} {string.Concat(fragments)} fragment F30 on Query {{ text }}";

        Assert.Equal(
            """{"data":{"again":null}}""",
            await Engine(options => options.Cost.EnforceCostLimits = false).AnswerAsync(query).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Theory]
    [InlineData("n")]
    [InlineData("twice")]
    public async Task A_hundred_thousand_items_need_no_deeper_stack_than_one(string field)
    {
        TestEngine engine = Engine();
        string? answer = null;
        var small = new Thread(() => answer = engine.AnswerAsync($"{{ items(count: 100000) {{ {field} }} }}").GetAwaiter().GetResult(), 256 * 1024);

        small.Start();
        small.Join();

        Assert.Equal(100_000, answer!.Split(field).Length - 1);
        Assert.Equal(0, engine.Buffers.RentedCount);
    }

    [Fact]
    public async Task A_response_that_grows_too_large_is_an_error()
    {
        TestEngine engine = Engine(options => options.ResponseBytesMax = 50_000);

        Assert.Equal(
            """{"errors":[{"message":"The response is larger than 50000 """
                + """bytes.","extensions":{"code":"LIMIT_EXCEEDED","limit":"responseBytes","max":50000}}],"data":null}""",
            await engine.AnswerAsync("{ items(count: 100000) { n } }"));
        Assert.Equal(0, engine.Buffers.RentedCount);
    }

    [Fact]
    public async Task The_document_cache_is_bounded_in_count_and_keeps_what_is_used()
    {
        TestEngine engine = Engine(options => options.CachedDocumentCountMax = 10);
        await engine.AnswerAsync("{ hot: text }");

        for (int n = 0; n < 100; n++)
        {
            await engine.AnswerAsync($"{{ once{n}: text }}");
            await engine.AnswerAsync("{ hot: text }");
        }

        Assert.Equal(10, engine.Executor.CachedDocumentCount);
    }

    [Fact]
    public void A_cache_forgets_the_unused_first_and_is_bounded_in_weight()
    {
        var cache = new BoundedCache<string>(countMax: 100, weightMax: 10);
        cache.Add("used", "1", 4);
        cache.Add("unused", "2", 4);
        Assert.True(cache.TryGet("used", out _));

        cache.Add("new", "3", 4);
        cache.Add("too heavy", "4", 11);

        Assert.True(cache.TryGet("used", out string? value));
        Assert.Equal("1", value);
        Assert.False(cache.TryGet("unused", out _));
        Assert.True(cache.TryGet("new", out _));
        Assert.False(cache.TryGet("too heavy", out _));
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public async Task Every_outcome_of_many_conditions_is_executed()
    {
        const int Count = 70;
        TestEngine engine = Engine();
        var query = new StringBuilder("query (");
        for (int n = 0; n < Count; n++)
            query.Append(FormattableString.Invariant($"$v{n}: Boolean = false "));
        query.Append(") {");
        for (int n = 0; n < Count; n++)
            query.Append(FormattableString.Invariant($"f{n}: text @include(if: $v{n}) "));
        query.Append("text }");

        foreach (int n in (int[])[0, 3, 63, 64, 69])
            Assert.Equal($$$"""{"data":{"f{{{n}}}":"t","text":"t"}}""", await engine.AnswerAsync(query.ToString(), $$"""{"v{{n}}":true}"""));
    }

    private static TestEngine Engine(Action<RequestOptions>? configure = null) => new(
        Sdl,
        builder => builder
            .ResolvePure("Query.self", parent => parent)
            .ResolvePure("Query.again", _ => null)
            .Resolve("Query.later", async _ =>
            {
                await Task.Yield();
                return new object();
            })
            .ResolvePure("Query.text", _ => "t")
            .Resolve("Query.items", context => ValueTask.FromResult<object?>(Enumerable.Range(0, context.ArgumentValue<int>("count"))))
            .ResolvePure("Item.n", number => number)
            .Resolve("Item.twice", context => ValueTask.FromResult<object?>(context.Parent<int>() * 2)),
        configure);
}
