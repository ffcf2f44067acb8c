using Mycelium.GraphQL.Engine.Execution;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Execution;

public sealed class CostTests
{
    [Theory]
    [InlineData("{ text }", 0, 1)]
    [InlineData("{ __typename text }", 0, 1)]
    [InlineData("{ one { name } }", 10, 2)]
    [InlineData("{ one { other { name } } }", 11, 5)]
    [InlineData("{ one { shade } }", 10, 2.5)]
    [InlineData("{ a: one { name } b: one { name } }", 20, 3)]
    [InlineData("{ one { name } ...F } fragment F on Query { one { name other { name } } }", 11, 5)]
    [InlineData("{ things(first: 5) { name } }", 1, 6)]
    [InlineData("{ things(last: 5, first: 7) { name } }", 1, 8)]
    [InlineData("{ things { name } }", 1, 51)]
    [InlineData("{ things(first: 0) { other { name } } }", 1, 1)]
    [InlineData("{ things(first: -5) { name } }", 1, 1)]
    [InlineData("{ things(first: 5) { things { other { name } } } }", 1 + (5 * (1 + (4 * 1))), 1 + (5 * (1 + (4 * (1 + 3)))))]
    [InlineData("{ page(first: 10) { edges { node { name } } nodes { name } total } }", 10 + 1 + 10 + 1 + 5, 1 + 1 + (10 * 2) + 10)]
    [InlineData("{ page { nodes { name } } }", 11, 1 + 1 + 20)]
    [InlineData("{ byIds(ids: [1, 2, 3]) { name } }", 1, 1 + 9)]
    [InlineData("{ byIds(ids: 7) { name } }", 1, 1 + 3)]
    [InlineData("{ named { name } }", 1, 1 + (3 * 3))]
    [InlineData("{ named { ... on Thing { things { name } } ... on Other { thing { name } } } }", 1 + (3 * 1), 1 + (3 * 5))]
    [InlineData("{ either { __typename } }", 1, 1 + 3)]
    [InlineData("{ either { ... on Thing { other { name } } } }", 2, 1 + 1 + 3)]
    [InlineData("{ things(first: 1, where: { eq: \"a\" }) { name } }", 1 + 10 + 10, 2)]
    [InlineData(
        "{ things(first: 1, where: { nested: { contains: \"a\", plain: 1 }, and: [{ eq: \"a\" }, { eq: \"b\" }] }) { name } }",
        1 + 10 + 1 + 20 + 1 + 20, 2)]
    [InlineData("{ save(input: { eq: \"a\" }) }", 1 + 10, 1)]
    [InlineData("{ __schema { types { fields { type { name } } } } }", 10, 1)]
    [InlineData("{ one @skip(if: true) { name } text }", 0, 1)]
    [InlineData("{ ... on Query @include(if: false) { one { name } } text }", 0, 1)]
    public async Task An_operation_costs_what_it_may_resolve_and_return(string query, double fieldCost, double typeCost)
    {
        Assert.Equal(new OperationCost(fieldCost, typeCost), await CostWorld.Engine().CostAsync(query));
    }

    [Theory]
    [InlineData("query ($n: Int) { things(first: $n) { name } }", """{"n":5}""", 1, 6)]
    [InlineData("query ($n: Int) { things(first: $n) { name } }", """{"n":null}""", 1, 51)]
    [InlineData("query ($n: Int) { things(first: $n) { name } }", "{}", 1, 51)]
    [InlineData("query ($n: Int = 9) { things(first: $n) { name } }", "{}", 1, 10)]
    [InlineData("query ($n: Int, $m: Int) { things(first: $n) { things(first: $m) { name } } }", """{"n":5,"m":6}""", 6, 1 + 5 + 30)]
    [InlineData("query ($n: Int) { page(first: $n) { nodes { other { name } } } }", """{"n":5}""", 10 + 1 + 5, 1 + 1 + (5 * 4))]
    [InlineData("query ($ids: [ID!]!) { byIds(ids: $ids) { name } }", """{"ids":["a","b"]}""", 1, 1 + 6)]
    [InlineData("query ($ids: [ID!]!) { byIds(ids: $ids) { name } }", """{"ids":"a"}""", 1, 1 + 3)]
    [InlineData("query ($n: Int) { exactly(count: $n) { name } }", """{"n":5}""", 1, 6)]
    [InlineData("query ($if: Boolean!) { text one @include(if: $if) { name } }", """{"if":true}""", 10, 2)]
    [InlineData("query ($if: Boolean!) { text one @include(if: $if) { name } }", """{"if":false}""", 0, 1)]
    [InlineData("query ($w: Where) { things(first: 1, where: $w) { name } }", """{"w":{"eq":"a"}}""", 1 + 50, 2)]
    [InlineData(
        "query ($w: Where) { things(first: 1, where: $w) { name } }", """{"w":{"and":[{"contains":"a"},{"contains":"b"},{"contains":"c"}]}}""",
        1 + 10 + 1 + 60, 2)]
    [InlineData(
        "query ($w: Where = { and: [{ contains: \"a\" }, { contains: \"b\" }, { contains: \"c\" }] }) { things(first: 1, where: $w) { name } }", "{}",
        1 + 10 + 1 + 60, 2)]
    [InlineData("query ($w: Where!) { things(first: 1, where: { nested: $w }) { name } }", """{"w":{"eq":"a"}}""", 1 + 10 + 1 + 10, 2)]
    [InlineData("query ($w: Where!) { save(input: $w) }", """{"w":{"eq":"a"}}""", 1 + 10, 1)]
    public async Task Variables_count_with_their_values(string query, string variables, double fieldCost, double typeCost)
    {
        Assert.Equal(new OperationCost(fieldCost, typeCost), await CostWorld.Engine().CostAsync(query, variables));
    }

    [Theory]
    [InlineData("{ exactly { name } }", null)]
    [InlineData("query ($n: Int) { exactly(count: $n) { name } }", "{}")]
    public async Task A_list_that_requires_a_slicing_argument_is_refused_without_one(string query, string? variables)
    {
        string answer = await CostWorld.Engine().AnswerAsync(query, variables);

        Assert.Contains("`exactly` needs exactly one of the arguments that limit its list.", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"BAD_USER_INPUT\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("type Query { a: Int @cost(weight: \"much\") }", "Query.a: the weight of @cost must be a number of at least 0.")]
    [InlineData("type Query { a(b: Int @cost(weight: \"-1\")): Int }", "Query.a(b:): the weight of @cost must be a number of at least 0.")]
    [InlineData("type Query @cost(weight: \"NaN\") { a: Int }", "Query: the weight of @cost must be a number of at least 0.")]
    [InlineData(
        "type Query { a: [Int] @listSize(slicingArguments: [\"b\"]) }",
        "Query.a: @listSize slices by b, which is not an argument that takes an integer or a list.")]
    [InlineData(
        "type Query { a(b: String): [Int] @listSize(slicingArguments: [\"b\"]) }",
        "Query.a: @listSize slices by b, which is not an argument that takes an integer or a list.")]
    [InlineData("type Query { a: Query @listSize(assumedSize: 1, sizedFields: [\"b\"]) }", "Query.a: @listSize sizes b, which is not a list of Query.")]
    [InlineData("type Query { a: Int @listSize(assumedSize: 1) }", "Query.a: @listSize is on a field that is not a list and has no sizedFields.")]
    [InlineData("type Query { a: [Int] @listSize(assumedSize: -1) }", "Query.a: the size of a list cannot be negative.")]
    public void A_meaningless_weight_stops_the_service(string sdl, string problem)
    {
        var exception = Assert.Throws<Engine.TypeSystem.SchemaException>(() =>
            Engine.SchemaFirst.SchemaBuilder.FromSdl($"{Engine.TypeSystem.CostDirectives.Sdl} {sdl}").Build());

        Assert.Equal([problem], exception.Problems);
    }
}
