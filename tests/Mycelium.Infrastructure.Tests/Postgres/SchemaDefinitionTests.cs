using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Nodes;
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
    public async Task A_text_that_fails_leaves_nothing_behind()
    {
        await using TestMarket market = await TestMarket.OpenAsync();

        await Assert.ThrowsAsync<PostgresException>(() => ApplyAsync(market, SchemaDefinition.Parse("Tests.broken", Answer(1, 41).Text + "CREATE NONSENSE")));

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

    /// <summary>The next release starts while the one before is renting: no rental fails, and the start goes through.</summary>
    [Fact]
    public async Task All_texts_are_replaced_while_others_rent_and_cancel()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId[] nodes = [await market.PublishAsync(id: 1, slices: 20), await market.PublishAsync(id: 2, slices: 20),
            await market.PublishAsync(id: 3, slices: 20)];
        AccountId[] renters = await market.AccountsAsync(4, "100");
        using var upgraded = new CancellationTokenSource();
        Task<int>[] renting = [.. renters.Select(renter => Task.Run(async () =>
        {
            int rented = 0;
            for (; !upgraded.IsCancellationRequested || rented == 0; rented++)
                await market.CancelAsync(await market.RentedAsync(market.Request(renter, nodes[rented % 3])));
            return rented;
        }))];

        for (int release = 1; release <= 3; release++)
            await ApplyAsync(market, [.. SchemaDefinition.All.Select(definition => definition with { Number = definition.Number + release })]);
        await upgraded.CancelAsync();

        Assert.All(await Task.WhenAll(renting), rented => Assert.NotEqual(0, rented));
        await market.CheckAsync();
    }

    /// <summary>A migration's new column exists before the view has it; what is for sale still follows nodes.</summary>
    [Fact]
    public async Task A_column_that_only_the_table_has_disturbs_no_writer()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        NodeId node = await market.PublishAsync();
        await market.SqlAsync("ALTER TABLE slice_combinations ADD COLUMN storage_slices integer NOT NULL DEFAULT 0");

        await market.Replica.Get<SetNodePricing>().Execute(market.Farmer, node, MicroUsdPerHour.From(33_333), default);
        await market.RentedAsync(market.Request(await market.AccountAsync("100"), node));

        Assert.Equal(["1 7 33333", "2 3 66666", "4 1 133332", "8 0 266664"], await market.RowsAsync(
            "SELECT concat_ws(' ', multiplier, quantity_available, price_per_hour) FROM slice_combinations ORDER BY id", row => row.GetString(0)));
    }

    /// <summary>Rows of the view are inserted by position.</summary>
    [Fact]
    public async Task The_market_has_the_columns_of_the_view_in_their_order()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        const string columns =
            "SELECT string_agg(column_name || ' ' || coalesce(domain_name, data_type), ', ' ORDER BY ordinal_position) "
            + "FROM information_schema.columns WHERE table_name = ";

        Assert.Equal(await market.ScalarAsync<string>(columns + "'slice_combinations_for_sale'"),
            await market.ScalarAsync<string>(columns + "'slice_combinations'"));
    }

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
        await using NpgsqlConnection connection = await market.Replica.Owner.OpenConnectionAsync();
        await SchemaDefinitions.ApplyAsync(connection, definitions, TimeProvider.System, default);
    }
}
