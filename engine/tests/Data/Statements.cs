using System.Text.Json.Nodes;
using Xunit;

namespace Mycelium.GraphQL.Engine.Tests.Data;

public sealed class Statements(Harbour harbour) : IClassFixture<Harbour>
{
    private static readonly string[] OneId = ["U2hpcDox"];
    private static readonly string[] TwoIds = ["U2hpcDoy", "U2hpcDoz"];

    [Fact]
    public async Task A_page_with_its_count_and_cursors_is_one_statement()
    {
        string sql = await OneAsync("{ ships(first: 2) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } }");

        Assert.Contains("count(*)", sql, StringComparison.Ordinal);
        Assert.Contains("LIMIT", sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_counted_that_is_not_selected()
    {
        string sql = await OneAsync(
            "query($no: Boolean = false) { ships(first: 2) { nodes { name } ...F } } fragment F on ShipsConnection { totalCount @include(if: $no) }");

        Assert.DoesNotContain("count(", sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_count_without_items_reads_no_page()
    {
        string sql = await OneAsync("{ ships(where: { crew: { eq: 1 } }) { totalCount } }");

        Assert.Contains("count(*)", sql, StringComparison.Ordinal);
        Assert.DoesNotContain("LIMIT", sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_without_data_selected_runs_no_statement()
    {
        (_, IReadOnlyList<string> statements) = await harbour.AskAsync("{ ships { __typename } }");

        Assert.Empty(statements);
    }

    [Theory]
    [InlineData("{ ships(first: 2) { nodes { name } } }", "Id,Name")]
    [InlineData("{ ships(first: 2) { nodes { __typename crew } edges { node { flag } } } }", "Id,Crew,Flag")]
    [InlineData("{ ships(first: 2) { nodes { greeting } } }", "Id,Name,Crew")]
    [InlineData("{ ships(first: 2, order: [{ fee: DESC }]) { edges { cursor } } }", "Fee,Id")]
    [InlineData("{ ships(first: 2, order: [{ fee: DESC }]) { nodes { name } } }", "Id,Name")]
    [InlineData("{ fleet { serial } }", "Id,Serial")]
    [InlineData("{ ship(number: 1) { tags } }", "Id,Tags")]
    public async Task Only_the_columns_that_are_read_are_selected(string query, string columns)
    {
        string sql = await OneAsync(query);

        string selected = sql[..sql.IndexOf("\nFROM", StringComparison.Ordinal)];
        string[] names = [.. selected["SELECT ".Length..].Split(", ").Select(column => column.Split('"')[1])];
        Assert.Equal(columns.Split(',').Order(StringComparer.Ordinal), names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_single_object_below_is_read_in_the_same_statement_with_only_its_columns()
    {
        string sql = await OneAsync("{ ships(first: 5) { nodes { berth { name port { city } } } } }");

        Assert.DoesNotContain("\"Depth\"", sql, StringComparison.Ordinal);
        Assert.DoesNotContain("\"IsOpen\"", sql, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_computed_property_needs_the_whole_object_and_the_objects_below_it()
    {
        JsonNode ship =
            (await harbour.DataAsync("{ fleet(where: { berth: { port: { isOpen: { neq: null } } } }) { label name kind berth { depth } } }"))["fleet"]![0]!;

        Assert.Equal($"{ship["name"]} ({Title((string)ship["kind"]!)})", (string)ship["label"]!);
        Assert.NotNull(ship["berth"]);
    }

    [Fact]
    public async Task Nested_connections_are_one_statement_a_level()
    {
        (JsonNode answer, IReadOnlyList<string> statements) = await harbour.AskAsync(
            """
            { berths(first: 8) { nodes { id
                ships(first: 3, where: { crew: { gt: 0 } }, order: [{ fee: DESC }]) { totalCount nodes { name } pageInfo { hasNextPage endCursor } } } } }
            """);

        Assert.Null(answer["errors"]);
        Assert.Equal(2, statements.Count);
    }

    [Fact]
    public async Task Values_are_parameters_so_that_other_values_use_the_same_query()
    {
        const string Query = """
            query($name: String!, $fee: Decimal!, $ids: [ID]) {
              fleet(where: { name: { contains: $name, neq: "q" }, fee: { gt: $fee }, id: { nin: $ids }, kind: { in: [FERRY] } }) { id }
            }
            """;
        int before = harbour.CompilationCount;

        await harbour.DataAsync(Query, new { name = "a", fee = "0.01", ids = OneId });
        int once = harbour.CompilationCount;
        (_, IReadOnlyList<string> statements) = await harbour.AskAsync(Query, new { name = "bbb", fee = "0.02", ids = TwoIds });

        Assert.Equal(before + 1, once);
        Assert.Equal(once, harbour.CompilationCount);
        Assert.DoesNotContain("'", statements.Single().Split("\n--")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_page_uses_the_same_query_as_the_one_before_it()
    {
        const string Query =
            "query($after: String) { ships(first: 4, after: $after, order: [{ fee: ASC }, { crew: DESC }]) { nodes { name } pageInfo { endCursor } } }";
        string cursor = (string)(await harbour.DataAsync(Query))["ships"]!["pageInfo"]!["endCursor"]!;
        cursor = (string)(await harbour.DataAsync(Query, new { after = cursor }))["ships"]!["pageInfo"]!["endCursor"]!;
        int before = harbour.CompilationCount;

        await harbour.DataAsync(Query, new { after = cursor });

        Assert.Equal(before, harbour.CompilationCount);
    }

    private static string Title(string name) => name[..1] + name[1..].ToLowerInvariant();

    private async Task<string> OneAsync(string query)
    {
        (JsonNode answer, IReadOnlyList<string> statements) = await harbour.AskAsync(query);
        Assert.Null(answer["errors"]);
        return Assert.Single(statements);
    }
}
