using System.Text.Json;
using Mycelium.GraphQL.Engine.TypeSystem;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class LeafTests
{
    [Theory]
    [InlineData("")]
    [InlineData("plain")]
    [InlineData("quote \" backslash \\ slash /")]
    [InlineData("lines\n\r\ttabs \b\f\u0001\u001f\u007f")]
    [InlineData("<script>&'+")]
    [InlineData("Straße 日本語 🍄 \u2028")]
    [InlineData("\"")]
    public async Task A_string_arrives_unchanged(string text)
    {
        var engine = new TestEngine(
            "type Query { text: String id: ID }", builder => builder.ResolvePure("Query.text", _ => text).ResolvePure("Query.id", _ => text));

        JsonElement data = JsonDocument.Parse(await engine.AnswerAsync("{ text id }")).RootElement.GetProperty("data");

        Assert.Equal(text, data.GetProperty("text").GetString());
        Assert.Equal(text, data.GetProperty("id").GetString());
    }

    [Fact]
    public async Task Half_of_a_surrogate_pair_is_replaced()
    {
        var engine = new TestEngine("type Query { text: String }", builder => builder.ResolvePure("Query.text", _ => "a\ud83cb"));

        Assert.Equal("{\"data\":{\"text\":\"a\ufffdb\"}}", await engine.AnswerAsync("{ text }"));
    }

    [Theory]
    [InlineData("Int", 2147483647, "2147483647")]
    [InlineData("Int", (short)-5, "-5")]
    [InlineData("Int", 3.0, "3")]
    [InlineData("Float", 0.1, "0.1")]
    [InlineData("Float", 1e300, "1E+300")]
    [InlineData("Float", 7, "7")]
    [InlineData("Long", 9223372036854775807L, "9223372036854775807")]
    [InlineData("ID", 12, "\"12\"")]
    [InlineData("Boolean", false, "false")]
    [InlineData("Color", "GREEN", "\"GREEN\"")]
    public async Task A_leaf_is_written_by_its_type(string type, object value, string json)
    {
        var engine = new TestEngine($"type Query {{ a: {type} list: [{type}!] }} scalar Long enum Color {{ RED GREEN }}", builder => builder
            .ResolvePure("Query.a", _ => value).ResolvePure("Query.list", _ => new[] { value, value }));

        Assert.Equal($$$"""{"data":{"a":{{{json}}},"list":[{{{json}}},{{{json}}}]}}""", await engine.AnswerAsync("{ a list }"));
    }

    [Theory]
    [InlineData("Int", 2147483648L)]
    [InlineData("Int", 1.5)]
    [InlineData("Int", "1")]
    [InlineData("Float", double.NaN)]
    [InlineData("Float", double.PositiveInfinity)]
    [InlineData("Boolean", 1)]
    [InlineData("Color", "BLUE")]
    public async Task A_leaf_that_its_type_does_not_have_is_null_with_an_error_and_leaves_no_trace(string type, object value)
    {
        var engine = new TestEngine($"type Query {{ a: {type} list: [{type}] b: String }} enum Color {{ RED }}", builder => builder
            .ResolvePure("Query.a", _ => value).ResolvePure("Query.list", _ => new[] { value }).ResolvePure("Query.b", _ => "b"));

        string answer = await engine.AnswerAsync("{ a list b }");

        Assert.EndsWith("""
            "data":{"a":null,"list":[null],"b":"b"}}
            """, answer, StringComparison.Ordinal);
        Assert.Equal(2, engine.Log.Count);
    }

    [Fact]
    public async Task Lists_may_be_any_enumerable_and_fail_while_they_are_read()
    {
        var engine = new TestEngine("type Query { yielded: [Int] broken: [Int] set: [Int] array: [Int!]! }", builder => builder
            .ResolvePure("Query.yielded", _ => Enumerable.Range(1, 3).Where(n => n != 2))
            .ResolvePure("Query.broken", _ => Enumerable.Range(0, 2).Select(n => 1 / n))
            .ResolvePure("Query.set", _ => new SortedSet<int> { 2, 1 })
            .ResolvePure("Query.array", _ => Enumerable.Range(1, 2).ToArray()));

        string answer = await engine.AnswerAsync("{ yielded broken set array }");

        Assert.EndsWith("""
            "data":{"yielded":[1,3],"broken":null,"set":[1,2],"array":[1,2]}}
            """, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_scalar_of_the_service_writes_itself()
    {
        var engine = new TestEngine("type Query { any: Any list: [Any] } scalar Any", builder => builder
            .ResolvePure("Query.any", _ => new Dictionary<string, object?> { ["a"] = new object?[] { 1L, null, "x" } })
            .ResolvePure("Query.list", _ => new object?[] { "é", true }));

        Assert.Equal("""{"data":{"any":{"a":[1,null,"x"]},"list":["é",true]}}""", await engine.AnswerAsync("{ any list }"));
    }
}
