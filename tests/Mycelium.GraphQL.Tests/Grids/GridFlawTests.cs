using System.Text.Json;
using Mycelium.GraphQL.Tests.Hosting;
using Npgsql;

namespace Mycelium.GraphQL.Tests.Grids;

/// <summary>Data reported by grids that the market does not believe.</summary>
[Collection(ApiCollection.Name)]
public sealed class GridFlawTests(ApiHost host)
{
    private const string Query =
        """
        query($where: GridFlawFilterInput) {
          gridFlaws(where: $where, order: [{ gridId: ASC }]) { totalCount nodes { grid subject gridId field reason message firstSeenAt lastSeenAt } }
        }
        """;

    [Fact]
    public async Task An_operator_lists_flaws_by_grid_subject_field_and_reason()
    {
        await using (NpgsqlCommand write = host.Database.CreateCommand(
            """
            INSERT INTO grid_flaws (grid_number, grid, subject, grid_id, field, reason, message, first_seen_at, last_seen_at)
            SELECT number, name, flaw.* FROM grids, (VALUES
                ('Node', 574, 'location.longitude', 'ImpossibleMeasure', 'The measure is off the globe, negative or absurd. The grid says: 181', now(), now()),
                ('Farm', 1, 'name', 'TooLong', 'A text has at most 256 characters.', now(), now())
                ) AS flaw (subject, grid_id, field, reason, message, first, last)
            WHERE name = 'test'
            """))
        {
            await write.ExecuteNonQueryAsync();
        }

        JsonElement all = (await host.Operator.DataAsync(Query, new { where = new { grid = new { eq = "test" } } })).GetProperty("gridFlaws");
        object where = new { subject = new { eq = "NODE" }, reason = new { eq = "IMPOSSIBLE_MEASURE" } };
        JsonElement nodes = (await host.Operator.DataAsync(Query, new { where })).GetProperty("gridFlaws");

        Assert.Equal(
            ["1 FARM name", "574 NODE location.longitude"],
            all.GetProperty("nodes").EnumerateArray()
                .Select(flaw => $"{flaw.GetProperty("gridId")} {flaw.GetProperty("subject")} {flaw.GetProperty("field")}"));
        JsonElement flaw = Assert.Single(nodes.GetProperty("nodes").EnumerateArray());
        Assert.EndsWith("The grid says: 181", flaw.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_operators_list_flaws()
    {
        Assert.Equal("UNAUTHENTICATED", await host.Anyone.ErrorCodeAsync("{ gridFlaws { totalCount nodes { field } } }"));
        Assert.Equal("FORBIDDEN", await host.Farmer.ErrorCodeAsync("{ gridFlaws { totalCount nodes { field } } }"));
    }
}
