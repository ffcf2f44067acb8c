using System.Text.Json;
using System.Text.Json.Nodes;
using Mycelium.GraphQL.Tests.Hosting;
using Xunit.Abstractions;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>Our own SQL and Entity Framework return the same response, byte for byte, to any query of a list.</summary>
[Collection(ApiCollection.Name)]
public sealed class DirectReadingTests(ApiHost host, ITestOutputHelper output)
{
    private const int QueryCount = 120;
    [Theory]
    [InlineData("sliceCombinations", "SliceCombination")]
    [InlineData("gridNodes", "GridNode")]
    [InlineData("farms", "Farm")]
    public async Task Random_queries_have_the_same_answer(string field, string type)
    {
        int seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        using Api reference = new(host.EntityFramework.Address);
        ListQueries queries = await ListQueries.OfAsync(new Random(seed), host.Anyone, field, type);

        int notEmpty = 0;
        for (int index = 0; index < QueryCount; index++)
        {
            (string query, JsonObject variables) = queries.Next();
            JsonElement expected = await reference.SendAsync(query, variables);

            JsonElement answer = await host.Anyone.SendAsync(query, variables), again = await host.Anyone.SendAsync(query, variables);

            Assert.Equal(answer.GetRawText(), again.GetRawText()); // From the second time on, compiled code reads the rows.
            Assert.True(expected.GetRawText() == answer.GetRawText(), $"seed {seed}, query {index}: {query}\n{variables.ToJsonString()}\n{expected}\n{answer}");
            Assert.False(answer.TryGetProperty("errors", out _), $"seed {seed}, query {index}: {query}\n{variables.ToJsonString()}\n{answer}");
            queries.Learn(answer);
            notEmpty += answer.GetProperty("data").GetProperty("page").GetProperty("edges").GetArrayLength() > 0 ? 1 : 0;
        }
        Assert.True(notEmpty > QueryCount / 5, $"Only {notEmpty} queries found anything, so the test shows little.");
    }

    [Theory]
    [InlineData("""{ gridNode(gridId: 5) { id gridId status farm { name } sliceCombinations { id multiplier gridNode { gridId } } } }""")]
    [InlineData("""{ gridNode(gridId: 999999999) { id } }""")]
    [InlineData("""{ gridNode(gridId: 999999999) { id sliceCombinations { id } } }""")]
    [InlineData("""{ gridNode(gridId: 5) { a: sliceCombinations { id } b: sliceCombinations { multiplier } } }""")]
    [InlineData("""{ a: gridNode(gridId: 5) { sliceCombinations { id } } b: gridNode(gridId: 7) { status sliceCombinations { multiplier pricePerHour } } }""")]
    [InlineData("""
        { a: gridNode(gridId: 5) { sliceCombinations { id } ...B } b: gridNode(gridId: 5) { ...B } }
        fragment B on GridNode { city sliceCombinations { cores } }
        """)]
    [InlineData("""
        { gridNodes(first: 30, order: [{ gridId: DESC }]) {
          nodes { gridId features gpus { id } unavailability sliceCombinations { multiplier pricePerHour farm { name } } } } }
        """)]
    [InlineData("""{ farms(first: 5) { nodes { name gridNodes(first: 3) { nodes { gridId city farm { name } sliceCombinations { id multiplier } } } } } }""")]
    [InlineData("""
        { farms { nodes { gridNodes(last: 2, where: { totalCores: { gt: 8 } }, order: [{ farm: { name: ASC } }, { city: DESC }]) {
          totalCount edges { cursor node { id } } pageInfo { hasPreviousPage hasNextPage startCursor } } } } }
        """)]
    [InlineData("""
        { farms { nodes { gridNodes(first: 2, order: [{ totalCores: DESC }]) {
          edges { cursor node { id } } pageInfo { hasPreviousPage hasNextPage endCursor } } } } }
        """)]
    [InlineData("""
        { farms(first: 1) { nodes { gridNodes(first: 2, where: { totalCores: { gt: 8 } }) {
          nodes { gridId sliceCombinations { id } } pageInfo { hasNextPage } } } } }
        """)]
    [InlineData("""
        { farms(first: 1) { nodes { gridNodes(last: 2, order: [{ city: DESC }]) {
          totalCount edges { cursor node { gridId } } pageInfo { hasPreviousPage } } } } }
        """)]
    [InlineData("""{ sliceCombinations(first: 3) { totalCount } }""")]
    [InlineData("""{ farms { totalCount pageInfo { hasNextPage } } }""")]
    [InlineData("""{ gridNodes(first: 1) { totalCount pageInfo { hasNextPage hasPreviousPage } } }""")]
    [InlineData("""{ sliceCombinations(last: 1) { totalCount edges { __typename } } }""")]
    [InlineData("""{ gridNodes(first: 2) { totalCount nodes { __typename } } }""")]
    [InlineData("""{ farms { nodes { gridNodes(first: 1) { totalCount pageInfo { hasNextPage } } } } }""")]
    [InlineData("""{ farms { nodes { gridNodes(first: 1) { pageInfo { hasNextPage } } } } }""")]
    [InlineData("""{ farms(first: 1) { nodes { gridNodes(first: 1) { pageInfo { hasNextPage } } } } }""")]
    [InlineData("""{ gridNodes(first: 3) { nodes { sliceCombinations { __typename } } } }""")]
    [InlineData("""{ sliceCombinations(first: 0) { totalCount nodes { id } pageInfo { hasNextPage endCursor } } }""")]
    public async Task Named_queries_have_the_same_answer(string query)
    {
        using Api reference = new(host.EntityFramework.Address);

        string expected = (await reference.SendAsync(query)).GetRawText();

        Assert.Equal(expected, (await host.Anyone.SendAsync(query)).GetRawText());
        Assert.Equal(expected, (await host.Anyone.SendAsync(query)).GetRawText()); // From the second time on, compiled code reads the rows.
    }
}
