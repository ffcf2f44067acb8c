using System.Globalization;
using Mycelium.Bench.Servers;
using Npgsql;

namespace Mycelium.Bench.Market;

/// <summary>
/// Copies the market that was read from the stand-in: farms, nodes at other prices, and their combinations as
/// <c>refresh_slice_combinations</c> would have written them. It uses one statement per table, without triggers, and creates the indexes
/// afterwards. This takes two minutes for 1,000,000 nodes; the product, which writes an event for each node, would take half an hour.
/// </summary>
internal static class GrowthFill
{
    /// <summary>Greater than every ID in the stand-in: the IDs of the n-th copy are the original ones plus n times this.</summary>
    private const int Step = 1_000_000;
    /// <summary>
    /// The price of each copy differs by this many micro-dollars, so that the copies of a node are not next to each other. It wraps around
    /// before prices leave their range.
    /// </summary>
    private const string PriceOfCopy = "copy * 37 % 1000";
    private const int SampleSize = 500;
    private static readonly string[] tables = ["farms", "nodes", "slice_combinations"];

    public static async Task RunAsync(NpgsqlDataSource database, int firstCopy, int lastCopy)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        Task RunAsync(string sql) => connection.RunAsync(sql);
        await RunAsync("SET session_replication_role = replica; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'");
        string[] indexes = await connection.ScalarAsync<string[]>(
            "SELECT array_agg(indexrelid::regclass || ';' || pg_get_indexdef(indexrelid)) FROM pg_index WHERE indrelid = "
                + $"ANY ('{{{string.Join(',', tables)}}}'::regclass[]) AND NOT indisprimary");
        foreach (string index in indexes)
            await RunAsync($"DROP INDEX {index.Split(';')[0]}");

        string copies = string.Create(CultureInfo.InvariantCulture, $"generate_series({firstCopy}, {lastCopy}) AS copy");
        string rest = await RestAsync(connection, "farms", "id");
        await RunAsync($"INSERT INTO farms (id, {rest}) SELECT id + copy * {Step}, {rest} FROM {copies}, farms WHERE id < {Step}");
        rest = await RestAsync(connection, "nodes", "id", "farm_id", "price_per_slice");
        await RunAsync(
            $"INSERT INTO nodes (id, farm_id, price_per_slice, {rest}) SELECT id + copy * {Step}, farm_id + copy * {Step}, "
                + $"price_per_slice + {PriceOfCopy}, {rest} FROM {copies}, nodes WHERE id < {Step}");
        rest = await RestAsync(connection, "slice_combinations", "id", "node_id", "farm_id", "price_per_hour", "price_per_month");
        await RunAsync($"""
            INSERT INTO slice_combinations (id, node_id, farm_id, price_per_hour, price_per_month, {rest})
            SELECT id + copy * {Step}::bigint * 1024, node_id + copy * {Step}, farm_id + copy * {Step},
                   price_per_hour + {PriceOfCopy} * multiplier, price_per_month + {PriceOfCopy} * multiplier * 720, {rest}
            FROM {copies}, slice_combinations WHERE node_id < {Step}
            """);

        foreach (string index in indexes)
            await RunAsync(index.Split(';')[1]);
        await RunAsync("RESET session_replication_role; RESET synchronous_commit; RESET maintenance_work_mem");
        foreach (string table in tables)
            await RunAsync($"VACUUM ANALYZE {table}");
        await RunAsync("CHECKPOINT"); // So that there is no checkpoint during the measurement.
        await CheckAsync(connection);
    }

    /// <summary>Checks that the product's own function finds nothing to change in a sample of the copies.</summary>
    private static async Task CheckAsync(NpgsqlConnection connection)
    {
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync();
        await connection.RunAsync(
            $"CREATE TEMPORARY TABLE sample ON COMMIT DROP AS SELECT id FROM nodes TABLESAMPLE SYSTEM (1) WHERE id > {Step} AND "
                + $"is_published ORDER BY random() LIMIT {SampleSize}");
        const string OfSample = "slice_combinations WHERE node_id IN (SELECT id FROM sample)";
        long before = await connection.ScalarAsync<long>($"SELECT count(*) FROM {OfSample}");
        await connection.RunAsync("SET LOCAL session_replication_role = replica"); // The table can be written only by its triggers.
        await connection.RunAsync("SELECT refresh_slice_combinations((SELECT array_agg(id) FROM sample))");
        long after = await connection.ScalarAsync<long>($"SELECT count(*) FROM {OfSample} AND xmin::text <> pg_current_xact_id()::text");
        if (before == 0 || after != before)
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"Only {after} of {before} combinations in the sample are as the product writes them."));
    }

    private static Task<string> RestAsync(NpgsqlConnection connection, string table, params string[] without) => connection.ScalarAsync<string>(
        "SELECT string_agg(column_name, ', ') FROM information_schema.columns WHERE table_schema = 'public' AND table_name "
            + $"= '{table}' AND is_generated = 'NEVER' AND column_name <> ALL ('{{{string.Join(',', without)}}}')");
}
