using Mycelium.Infrastructure.Postgres.Schema;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>Replicas of two releases start on one database, in any order: the newer text of each function stays.</summary>
public sealed class SchemaDefinitionTests
{
    private static SchemaDefinition Answer(int number, int answer) => SchemaDefinition.Parse("Tests.answer",
        $"-- definition {number}\nCREATE OR REPLACE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT {answer}';");

    [Fact]
    public async Task A_changed_text_replaces_the_one_before_and_an_older_release_that_restarts_changes_nothing()
    {
        await using TestMarket market = await TestMarket.OpenAsync();

        await ApplyAsync(market, Answer(number: 1, answer: 41));
        Assert.Equal(41, await market.ScalarAsync<int>("SELECT answer()"));
        await ApplyAsync(market, Answer(number: 2, answer: 42));
        await ApplyAsync(market, Answer(number: 1, answer: 41));

        Assert.Equal(42, await market.ScalarAsync<int>("SELECT answer()"));
        Assert.Equal(2, await market.ScalarAsync<int>("SELECT number FROM schema_definitions WHERE name = 'Tests.answer'"));
    }

    [Fact]
    public async Task A_text_that_is_in_force_is_not_run_again()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await ApplyAsync(market, Answer(number: 1, answer: 41));
        await market.SqlAsync("CREATE OR REPLACE FUNCTION answer() RETURNS integer LANGUAGE sql AS 'SELECT 0'");

        await ApplyAsync(market, Answer(number: 1, answer: 41));

        Assert.Equal(0, await market.ScalarAsync<int>("SELECT answer()"));
    }

    [Fact]
    public async Task Where_one_text_fails_none_is_in_force()
    {
        await using TestMarket market = await TestMarket.OpenAsync();

        await Assert.ThrowsAsync<PostgresException>(() => ApplyAsync(market, Answer(1, 41), SchemaDefinition.Parse("Tests.broken", "-- definition 1\nCREATE NONSENSE")));

        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM schema_definitions WHERE name LIKE 'Tests.%'"));
        Assert.Equal(0L, await market.ScalarAsync<long>("SELECT count(*) FROM pg_proc WHERE proname = 'answer'"));
    }

    [Theory]
    [InlineData("CREATE VIEW nothing AS SELECT 1")]
    [InlineData("-- definition\nSELECT 1")]
    [InlineData("-- definition 0\nSELECT 1")]
    [InlineData("-- definition one\nSELECT 1")]
    public void A_file_without_its_number_is_refused(string text) =>
        Assert.Contains("-- definition", Assert.Throws<FormatException>(() => SchemaDefinition.Parse("Tests.answer", text)).Message, StringComparison.Ordinal);

    /// <summary>A session's own search path, or its temporary tables, would otherwise decide what a trigger reads.</summary>
    [Fact]
    public async Task Every_trigger_function_has_its_own_search_path()
    {
        await using TestMarket market = await TestMarket.OpenAsync();

        Assert.Empty(await market.RowsAsync(
            """
            SELECT proname FROM pg_proc WHERE prorettype = 'trigger'::regtype AND pronamespace = 'public'::regnamespace
            AND NOT EXISTS (SELECT FROM unnest(proconfig) AS setting WHERE setting = 'search_path=pg_catalog, public, pg_temp')
            """,
            row => row.GetString(0)));
    }

    private static async Task ApplyAsync(TestMarket market, params SchemaDefinition[] definitions)
    {
        await using NpgsqlConnection connection = await market.Replica.Database.OpenConnectionAsync();
        await SchemaDefinitions.ApplyAsync(connection, definitions, default);
    }
}
