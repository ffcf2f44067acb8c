using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Tests.Grid;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Infrastructure.Tests.Postgres;

/// <summary>Samples that were written before they were divided by month, and the previous release's statements next to it.</summary>
public sealed class SamplePartitionsTests
{
    /// <summary>The table as releases up to this one made it.</summary>
    private const string Undivided =
        """
        DROP TABLE uptime_samples;
        CREATE TABLE uptime_samples (node_id bigint NOT NULL REFERENCES nodes, slot bigint NOT NULL, is_up boolean NOT NULL, PRIMARY KEY (node_id, slot));
        CREATE INDEX uptime_samples_by_slot ON uptime_samples (slot);
        DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" = '0022_sample_partitions'
        """;

    private const string PreviousWrite =
        """
        INSERT INTO uptime_samples (node_id, slot, is_up) SELECT node_id, @slot, is_up FROM unnest(@ids, @ups) AS sample (node_id, is_up) ORDER BY node_id
        ON CONFLICT (node_id, slot) DO UPDATE SET is_up = true WHERE excluded.is_up AND NOT uptime_samples.is_up
        """;

    private const string PreviousDelete =
        """
        DELETE FROM uptime_samples WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM uptime_samples WHERE slot < @first AND (SELECT pg_try_advisory_xact_lock(@key)) LIMIT @count))
        """;

    private const string PreviousRead =
        """
        SELECT node.id, current.is_up, coalesce(past.up_count, 0), coalesce(past.count, 0)
        FROM unnest(@ids) AS node (id)
        LEFT JOIN uptime_samples AS current ON current.node_id = node.id AND current.slot = @slot
        LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE is_up) AS up_count, count(*) AS count FROM uptime_samples
            WHERE node_id = node.id AND slot >= @first AND slot < @slot AND current.is_up IS NOT TRUE) AS past ON true
        """;

    /// <summary>1 January 2027; a day has 36 slots.</summary>
    private const long NewYear = 749_484;

    [Fact]
    public async Task Samples_of_months_stay_where_they_are_and_go_with_the_last_of_them()
    {
        await using TestMarket market = await FilledAsync("2027-01-20 00:00Z", firstSlot: NewYear - 36 * 45, lastSlot: NewYear + 36 * 19);
        long count = await CountAsync(market);
        string place = await market.ScalarAsync<string>("SELECT pg_relation_filepath('uptime_samples')");

        await market.Replica.Get<PostgresMigrator>().MigrateAsync();
        await market.Replica.Get<SampleRetention>().KeepAsync(default);

        Assert.Equal(count, await CountAsync(market));
        Assert.Equal(place, await market.ScalarAsync<string>("SELECT pg_relation_filepath('uptime_samples_2027_01')")); // No row was copied.
        Assert.Equal(
            ["uptime_samples_2027_01 FOR VALUES FROM (MINVALUE) TO ('750600')", "uptime_samples_2027_02 FOR VALUES FROM ('750600') TO ('751608')",
                "uptime_samples_2027_03 FOR VALUES FROM ('751608') TO ('752724')", "uptime_samples_other DEFAULT"],
            await market.RowsAsync(
                """
                SELECT relname || ' ' || pg_get_expr(relpartbound, oid) FROM pg_class WHERE relispartition AND relname ~ '^uptime_samples' AND relkind = 'r'
                ORDER BY relname
                """,
                row => row.GetString(0)));
        Assert.Equal(0L, await market.ScalarAsync<long>(
            "SELECT count(*) FROM pg_constraint WHERE conrelid::regclass::text ~ '^uptime_samples' AND contype <> 'p'"));
        await SampleRetentionTests.BeAtAsync(market, "2027-03-04 00:00Z");
        await market.Replica.Get<SampleRetention>().KeepAsync(default);
        Assert.Equal(0L, await CountAsync(market));
    }

    /// <summary>Replicas write samples of the new month before the upgrade is over.</summary>
    [Fact]
    public async Task On_the_last_day_of_a_month_the_table_becomes_the_next_one()
    {
        await using TestMarket market = await FilledAsync("2026-12-31 23:50Z", firstSlot: NewYear - 100, lastSlot: NewYear - 1);

        await market.Replica.Get<PostgresMigrator>().MigrateAsync();
        await WriteAsync(market, NewYear, [1], [true]);
        await SampleRetentionTests.BeAtAsync(market, "2027-01-01 00:10Z");
        await market.Replica.Get<SampleRetention>().KeepAsync(default);

        Assert.Equal(["uptime_samples_2027_01 301"], await market.RowsAsync(
            "SELECT tableoid::regclass || ' ' || count(*) FROM uptime_samples GROUP BY tableoid", row => row.GetString(0)));
    }

    [Fact]
    public async Task The_lock_that_keeps_others_out_reads_no_sample()
    {
        await using TestMarket market = await FilledAsync("2027-01-20 00:00Z", firstSlot: NewYear, lastSlot: NewYear + 600);
        string[] steps = await MigrationStepsAsync();
        await using NpgsqlConnection connection = await market.Replica.Owner.OpenConnectionAsync();
        await connection.Send(steps[0]).RunAsync(default);
        await connection.Send("ALTER TABLE uptime_samples VALIDATE CONSTRAINT uptime_samples_are_of_a_month").RunAsync(default);
        List<string> said = [];
        connection.Notice += (_, notice) => said.Add(notice.Notice.MessageText);
        await connection.Send("SET client_min_messages = 'debug1'").RunAsync(default);

        await connection.Send(steps[1]).RunAsync(default);

        Assert.Contains("partition constraint for table \"uptime_samples_2027_01\" is implied by existing constraints", said);
        Assert.DoesNotContain(said, line => line.StartsWith("verifying table", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_migration_that_was_interrupted_goes_on(int stepsDone)
    {
        await using TestMarket market = await FilledAsync("2027-01-20 00:00Z", firstSlot: NewYear, lastSlot: NewYear + 10);
        await using (NpgsqlConnection connection = await market.Replica.Owner.OpenConnectionAsync())
        {
            foreach (string step in (await MigrationStepsAsync()).Take(stepsDone))
                await connection.Send(step).RunAsync(default);
        }

        await market.Replica.Get<PostgresMigrator>().MigrateAsync();

        Assert.Equal(33L, await market.ScalarAsync<long>("SELECT count(*) FROM uptime_samples_2027_01"));
    }

    [Fact]
    public async Task The_previous_release_writes_and_reads_samples_and_deletes_none()
    {
        await using TestMarket market = await FilledAsync("2027-01-20 00:00Z", firstSlot: NewYear - 2_000, lastSlot: NewYear + 36 * 19);
        await market.Replica.Get<PostgresMigrator>().MigrateAsync();
        await market.Replica.Get<SampleRetention>().KeepAsync(default);
        long slot = NewYear + 36 * 40; // In February.

        await WriteAsync(market, slot, [1, 2], [false, true]);
        await WriteAsync(market, slot, [1, 2], [true, false]);
        long count = await CountAsync(market);
        // What has left the window has the same place in its month as what is young has in another.
        await RunAsync(market, PreviousDelete, ("first", slot - 1_079), ("key", 7_301_977_011), ("count", 10_000));

        Assert.Equal(count, await CountAsync(market));
        await using NpgsqlCommand read = Command(
            market.Replica.Owner, PreviousRead, [("ids", new long[] { 1, 2, 3 }), ("slot", slot), ("first", slot - 1_079)]);
        await using NpgsqlDataReader rows = await read.ExecuteReaderAsync();
        var past = new List<(long, object, long, long)>();
        while (await rows.ReadAsync())
            past.Add((rows.GetInt64(0), rows.GetValue(1), rows.GetInt64(2), rows.GetInt64(3)));
        Assert.Equal([(1, true, 0, 0), (2, true, 0, 0), (3, DBNull.Value, 324, 324)], past.OrderBy(row => row.Item1));
    }

    /// <summary>An undivided table with a sample of each of three nodes in each of these slots, at this instant.</summary>
    private static async Task<TestMarket> FilledAsync(string instant, long firstSlot, long lastSlot)
    {
        TestMarket market = await TestMarket.OpenAsync();
        for (int id = 1; id <= 3; id++)
            await market.DiscoverAsync(id);
        await SampleRetentionTests.BeAtAsync(market, instant);
        foreach (string statement in Undivided.Split(';'))
            await market.SqlAsync(statement);
        await market.SqlAsync(
            "INSERT INTO uptime_samples SELECT node, slot, true FROM generate_series(1, 3) AS node, generate_series($1, $2) AS slot", firstSlot, lastSlot);
        return market;
    }

    private static async Task<string[]> MigrationStepsAsync()
    {
        string folder = RepositoryRoot.Combine("src", "Mycelium.Infrastructure", "Postgres", "Migrations");
        return
        [
            await File.ReadAllTextAsync(Path.Combine(folder, "0022_samples_bound.sql")),
            await File.ReadAllTextAsync(Path.Combine(folder, "0022_samples_divide.sql")),
        ];
    }

    private static Task<long> CountAsync(TestMarket market) => market.ScalarAsync<long>("SELECT count(*) FROM uptime_samples");

    private static Task WriteAsync(TestMarket market, long slot, long[] ids, bool[] ups) =>
        RunAsync(market, PreviousWrite, ("slot", slot), ("ids", ids), ("ups", ups));

    /// <summary>As the previous release, which works as the owner.</summary>
    private static async Task RunAsync(TestMarket market, string sql, params (string Name, object Value)[] parameters)
    {
        await using NpgsqlCommand command = Command(market.Replica.Owner, sql, parameters);
        await command.ExecuteNonQueryAsync();
    }

    private static NpgsqlCommand Command(NpgsqlDataSource database, string sql, (string Name, object Value)[] parameters)
    {
        NpgsqlCommand command = database.CreateCommand(sql);
        foreach ((string name, object value) in parameters)
            command.Parameters.AddWithValue(name, value);
        return command;
    }
}
