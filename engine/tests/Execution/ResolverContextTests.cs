using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class ResolverContextTests
{
    private const string Sdl = """
        type Query { items(count: Int = 2, name: String): [Item!]! node: Node }
        interface Node { id: ID }
        type Item implements Node { id: ID path: String children: [[Item!]!]! }
        """;

    private ResolverContext? seen;

    [Fact]
    public async Task A_path_names_aliases_and_indices_from_the_root()
    {
        string answer = await Engine().AnswerAsync("{ many: items { path inner: children { p: path } } }");

        Assert.Equal(
            """{"data":{"many":[{"path":"many.0.path","inner":[[{"p":"many.0.inner.0.0.p"}]]},"""
                + """{"path":"many.1.path","inner":[[{"p":"many.1.inner.0.0.p"}]]}]}}""",
            answer);
    }

    [Fact]
    public async Task A_selection_has_the_selections_below_it_with_their_arguments()
    {
        await Engine().AnswerAsync(
            "query ($n: Int, $no: Boolean = false) { x: items(count: $n) { id p: path @skip(if: $no) q: path @include(if: $no) children { id } } }",
            """{"n":1}""");

        Selection selection = seen!.Selection;
        Assert.Equal(("x", "items"), (selection.ResponseName, selection.Field.Name));
        Assert.Equal(1, Assert.Single(selection.Arguments).Value);
        ObjectType item = seen.Schema.FindType<ObjectType>("Item")!;
        Assert.Equal(["id", "p", "children"], selection.SelectionsFor(item).Select(below => below.ResponseName));
        Assert.Equal(["id"], selection.SelectionsFor(item)[2].SelectionsFor(item).Select(below => below.ResponseName));
        Assert.Empty(selection.SelectionsFor(item)[0].SelectionsFor(item));
    }

    [Fact]
    public async Task A_selection_is_the_same_key_for_the_same_operation_and_conditions()
    {
        const string Query = "query ($n: Int, $x: Boolean = false) { items(count: $n) { id path @include(if: $x) } }";
        TestEngine engine = Engine();

        object first = await KeyOf(engine, Query, """{"n":1}""");
        object second = await KeyOf(engine, Query, """{"n":2}""");
        object other = await KeyOf(engine, Query, """{"n":1,"x":true}""");

        Assert.Same(first, second);
        Assert.NotSame(first, other);
    }

    [Fact]
    public async Task An_absent_argument_is_distinguished_from_null()
    {
        TestEngine engine = Engine();

        await engine.AnswerAsync("{ items { id } }");
        Assert.True(seen!.HasArgument("count"));
        Assert.False(seen.HasArgument("name"));
        Assert.Null(seen.ArgumentValue<string?>("name"));

        await engine.AnswerAsync("{ items(name: null) { id } }");
        Assert.True(seen.HasArgument("name"));
    }

    [Fact]
    public async Task A_parent_or_argument_of_the_wrong_type_is_reported_clearly()
    {
        await Engine().AnswerAsync("{ items { id } }");

        Assert.Contains("not String", Assert.Throws<InvalidOperationException>(() => seen!.ArgumentValue<string>("count")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => seen!.Parent<int>());
    }

    [Fact]
    public async Task Data_of_the_request_is_shared_and_ends_with_it()
    {
        var counts = new List<int>();
        var engine = new TestEngine("type Query { a: Int b: Int }", builder =>
        {
            foreach (string field in (string[])["a", "b"])
            {
                builder.Resolve($"Query.{field}", context =>
                {
                    context.ContextData[field] = true;
                    counts.Add(context.ContextData.Count);
                    return default;
                });
            }
        });

        await engine.AnswerAsync("{ a b }");
        await engine.AnswerAsync("{ a }");

        Assert.Equal([1, 2, 1], counts);
    }

    private async Task<object> KeyOf(TestEngine engine, string query, string variables)
    {
        await engine.AnswerAsync(query, variables);
        return seen!.Selection.CacheKey;
    }

    private TestEngine Engine() => new(Sdl, builder => builder
        .Resolve("Query.items", context =>
        {
            seen = context;
            return ValueTask.FromResult<object?>(Enumerable.Range(0, context.ArgumentValue<int>("count")));
        })
        .Resolve("Item.path", async context =>
        {
            await Task.Yield();
            return context.Path.ToString();
        })
        .ResolvePure("Item.id", _ => "1")
        .ResolvePure("Item.children", _ => new[] { new object[] { 1 } }));
}
