using System.Globalization;
using Mycelium.Domain.Nodes;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Grid;

public sealed class SampleRetentionTests
{
    private const string Months = """
        SELECT relname::text FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE inhparent = 'uptime_samples'::regclass ORDER BY relname
        """;

    [Fact]
    public async Task A_month_begins_with_its_first_slot_and_ends_before_the_next()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await BeAtAsync(market, "2090-02-28 23:59Z");
        await KeepAsync(market);

        foreach (string at in (string[])["2090-02-28 23:59:59Z", "2090-03-01 00:00Z", "2090-03-31 23:20Z", "2090-04-01 00:00Z", "2090-05-01 00:00Z"])
            await SampleAsync(market, at);

        Assert.Equal(
            ["uptime_samples_2090_02 1", "uptime_samples_2090_03 2", "uptime_samples_2090_04 1", "uptime_samples_other 1"],
            await market.RowsAsync("SELECT tableoid::regclass || ' ' || count(*) FROM uptime_samples GROUP BY tableoid ORDER BY 1", row => row.GetString(0)));
    }

    [Fact]
    public async Task Months_are_made_ahead_and_dropped_when_all_of_one_has_left_the_window()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await BeAtAsync(market, "2090-01-31 23:00Z");
        await KeepAsync(market);
        foreach (string at in (string[])["2090-01-01 00:00Z", "2090-01-31 23:20Z", "2090-02-01 00:00Z"])
            await SampleAsync(market, at);

        await BeAtAsync(market, "2090-03-03 23:59Z"); // January ended 30 days and 24 hours ago, less a minute.
        await KeepAsync(market);
        Assert.Equal(3L, await CountAsync(market));
        await BeAtAsync(market, "2090-03-04 00:00Z");
        await KeepAsync(market);
        await KeepAsync(market);

        Assert.Equal(1L, await CountAsync(market));
        Assert.Equal(
            ["uptime_samples_2090_02", "uptime_samples_2090_03", "uptime_samples_2090_04", "uptime_samples_2090_05", "uptime_samples_other"],
            await market.RowsAsync(Months, row => row.GetString(0)));
    }

    [Fact]
    public async Task Nothing_that_the_window_needs_is_dropped_whatever_is_asked_for()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await BeAtAsync(market, "2090-01-31 23:00Z");
        await KeepAsync(market);
        await SampleAsync(market, "2090-01-01 00:00Z");
        await BeAtAsync(market, "2090-03-03 23:59Z");

        foreach (string age in (string[])["0 days", "-10 years", "30 days"])
            await AsApplicationAsync(market, $"SELECT keep_samples('{age}', 1000)");
        await AsApplicationAsync(market, "SELECT keep_samples(NULL, 1000)");

        Assert.Equal(1L, await CountAsync(market));
    }

    [Fact]
    public async Task A_sample_of_a_month_that_nobody_made_is_kept_read_and_forgotten_like_others()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        await BeAtAsync(market, "2090-01-15 00:00Z");
        await SampleAsync(market, "2090-01-15 00:00Z");
        await KeepAsync(market);
        await SampleAsync(market, "2090-01-15 00:40Z");
        await SampleAsync(market, "2090-01-15 00:40Z");

        Assert.Equal(2L, await CountAsync(market, "uptime_samples_other"));
        Assert.DoesNotContain("uptime_samples_2090_01", await market.RowsAsync(Months, row => row.GetString(0)));
        await BeAtAsync(market, "2090-02-15 00:40Z");
        Assert.Equal(1, await KeepAsync(market));
        Assert.Equal(1L, await CountAsync(market));
    }

    [Fact]
    public async Task Replicas_that_keep_at_once_do_not_disturb_each_other()
    {
        await using TestMarket market = await TestMarket.OpenAsync();
        Replica[] replicas = [market.Replica, market.AddReplica(), market.AddReplica()];
        await BeAtAsync(market, "2090-06-10 00:00Z");

        await Task.WhenAll(replicas.Select(replica => replica.Get<SampleRetention>().KeepAsync(default)));

        Assert.Equal(
            ["uptime_samples_2090_06", "uptime_samples_2090_07", "uptime_samples_2090_08", "uptime_samples_other"],
            await market.RowsAsync(Months, row => row.GetString(0)));
    }

    [Theory]
    [InlineData("CREATE TABLE uptime_samples_2030_01 PARTITION OF uptime_samples FOR VALUES FROM (790000) TO (790001)")]
    [InlineData("ALTER TABLE uptime_samples DETACH PARTITION uptime_samples_other")]
    [InlineData("DROP TABLE uptime_samples_other")]
    [InlineData("TRUNCATE uptime_samples")]
    [InlineData("DELETE FROM uptime_samples_other")]
    [InlineData("SELECT FROM uptime_samples_other")]
    [InlineData("DROP RULE uptime_samples_go_by_month ON uptime_samples")]
    public async Task The_application_drops_months_through_the_function_alone(string statement)
    {
        await using TestMarket market = await TestMarket.OpenAsync();

        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => AsApplicationAsync(market, statement));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    internal static Task<int> BeAtAsync(TestMarket market, string instant) => market.SqlAsync(
        $"CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT timestamptz ''{instant}'''");

    private static Task<int> KeepAsync(TestMarket market) => market.Replica.Get<SampleRetention>().KeepAsync(default);

    /// <summary>As a pass writes it.</summary>
    private static async Task SampleAsync(TestMarket market, string at)
    {
        await using NpgsqlConnection connection = await market.Replica.Database.OpenConnectionAsync();
        long slot = Uptime.SlotOf(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));
        await GridTables.WriteSamplesAsync(connection, slot, [(7, true)], default);
    }

    private static Task<long> CountAsync(TestMarket market, string table = "uptime_samples") => market.ScalarAsync<long>($"SELECT count(*) FROM {table}");

    private static async Task AsApplicationAsync(TestMarket market, string statement)
    {
        await using NpgsqlCommand command = market.Replica.Database.CreateCommand(statement);
        await command.ExecuteNonQueryAsync();
    }
}
