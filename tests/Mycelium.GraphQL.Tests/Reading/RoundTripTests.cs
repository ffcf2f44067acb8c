using System.Diagnostics;
using Mycelium.GraphQL.Tests.Hosting;

namespace Mycelium.GraphQL.Tests.Reading;

/// <summary>The number of round trips to PostgreSQL that a query makes, counted by the driver's spans.</summary>
[Collection(ApiCollection.Name)]
public sealed class RoundTripTests(ApiHost host)
{
    [Theory]
    [InlineData("{ gridNode(gridId: 5) { gridId farm { name } } }", 1)]
    [InlineData("{ gridNode(gridId: 5) { gridId farm { name } sliceCombinations { id pricePerHour } } }", 1)]
    [InlineData("{ gridNode(gridId: 999999999) { gridId sliceCombinations { id } } }", 1)]
    [InlineData("{ farms(first: 2) { nodes { name gridNodes(first: 2) { nodes { gridId sliceCombinations { id } } } } } }", 3)]
    public async Task A_query_takes_the_expected_number_of_round_trips(string query, int expected) =>
        Assert.Equal(expected, (await DriverSpans.OfAsync(host, query)).Count);

    [Fact]
    public async Task A_single_key_is_compared_by_equality_and_a_joined_row_is_not_read_by_its_key()
    {
        Activity span = Assert.Single(await DriverSpans.OfAsync(host, "{ gridNode(gridId: 5) { status farm { name } } }"));

        string sql = Assert.Single(new[] { span }.Statements());
        Assert.Equal(
            """
            SELECT t."id", t."status", t1."id", t1."name" FROM "nodes" AS t JOIN "farms" AS t1 ON t1."id" = t."farm_id" WHERE t."id" = $1 ORDER BY t."id"
            """,
            sql);
    }
}
