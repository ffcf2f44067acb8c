using System.Globalization;
using Mycelium.Bench.Market;
using Mycelium.Bench.Servers;
using Npgsql;

namespace Mycelium.Bench.Grids;

/// <summary>
/// Many grids in one market: the first sync of all grids, a pass without changes, the replica's memory, and <c>q1</c> compared with the market of one grid of
/// 10,000 nodes. All grids have the same nodes, at different addresses.
/// </summary>
internal static class GridsBench
{
    private const double Goal = 1.5;
    private const int WarmUpSeconds = 3;
    private static readonly TimeSpan passDeadline = TimeSpan.FromMinutes(30);

    public static async Task RunAsync(BenchServers servers, BenchOptions options)
    {
        string connectionString = await servers.CreateDatabaseAsync();
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(connectionString);
        Dictionary<string, string?> grids = Named(await servers.StartGridsAsync(options.Grids, options.GridNodes), options.Grids);

        Report.Progress($"grids: first sync of {options.Grids} grids of {options.GridNodes} nodes");
        (Uri _, int first) = await servers.StartReplicaAsync(BenchServers.Shipped, connectionString, grids);
        PassOverAll filled = await MeasureAsync(servers, database, first, options.Grids, since: DateTimeOffset.UnixEpoch);
        servers.Stop(first);
        await CheckAsync(database, options.Grids * (long)options.GridNodes, "SELECT count(*) FROM nodes");

        DateTimeOffset since = await database.ScalarAsync<DateTime>("SELECT clock_timestamp()");
        Report.Progress($"grids: a pass without changes");
        (Uri api, int second) = await servers.StartReplicaAsync(BenchServers.Shipped, connectionString, grids);
        PassOverAll unchanged = await MeasureAsync(servers, database, second, options.Grids, since);
        await CheckAsync(database, 0, "SELECT count(*) FROM nodes WHERE capacity_as_of >= $1", since.UtcDateTime);

        Report.Progress($"grids: publishing all nodes");
        await PublishAsync(api, database);
        long combinations = await database.ScalarAsync<long>("SELECT count(*) FROM slice_combinations");
        (double one, double many, double ratio) = await CompareAsync(servers, new Uri(api, "/graphql"), second, options);
        servers.Stop(second);

        string size = await database.ScalarAsync<string>("SELECT pg_size_pretty(pg_database_size(current_database()))");
        Report.Line(
            $"\nGrids: {options.Grids} of {options.GridNodes} nodes each, {combinations} combinations, {size}; one replica, ",
            $"{Environment.ProcessorCount} cores in total\n");
        Report.Line($"| pass over all grids | s | nodes/s | processor s: API + PostgreSQL | replica's memory: after, peak MB |");
        Report.Line($"| --- | ---: | ---: | ---: | ---: |");
        Line("the first", filled, options);
        Line("without changes", unchanged, options);
        QueryCase query = QueryCase.All[0];
        Report.Line(
            $"\n{query.Name}, {query.Title}: {options.Rounds} rounds of {options.Seconds} s in turns, medians: one grid of ",
            $"10,000 nodes {one:F0} requests/s, these grids {many:F0}: a request takes **{ratio:F2}** times as long (goal ",
            $"{Goal})");
    }

    private static void Line(string name, PassOverAll pass, BenchOptions options) =>
        Report.Line(
            $"| {name} | {pass.Seconds:F1} | {options.Grids * (double)options.GridNodes / pass.Seconds:F0} | ",
            $"{pass.ApiSeconds:F1} + {pass.PostgresSeconds:F1} | {pass.Memory:F0}, {pass.MemoryMax:F0} |");

    /// <summary>There is only one pass, at the start. A large freshness step keeps passes from rewriting rows just because they are old.</summary>
    private static Dictionary<string, string?> Named(Uri standIn, int count)
    {
        var settings = new Dictionary<string, string?> { ["Grid__FreshnessStep"] = "1.00:00:00" };
        for (int number = 1; number <= count; number++)
            settings[string.Create(CultureInfo.InvariantCulture, $"Grids__c{number}__BaseUrl")] =
                new Uri(standIn, string.Create(CultureInfo.InvariantCulture, $"/grid/{number}/")).ToString();
        return settings;
    }

    /// <summary>Waits until a pass over each grid has ended, and returns its cost.</summary>
    private static async Task<PassOverAll> MeasureAsync(BenchServers servers, NpgsqlDataSource database, int processId, int grids, DateTimeOffset since)
    {
        using var deadline = new CancellationTokenSource(passDeadline);
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        long shown = 0;
        Spent before = Spent.Of(servers, processId);
        for (long done = 0; done < grids;)
        {
            await look.WaitForNextTickAsync(deadline.Token);
            done = await database.ScalarAsync<long>("SELECT count(*) FROM grid_syncs WHERE last_completed_at > $1", since.UtcDateTime);
            if (done >= shown + Math.Max(1, grids / 10))
                Report.Progress($"grids: {shown = done} read");
        }
        var spent = Spent.Of(servers, processId);
        double seconds = await database.ScalarAsync<double>(
            "SELECT extract(epoch FROM max(last_completed_at) - min(last_started_at))::double precision FROM grid_syncs");
        return new PassOverAll(
            seconds, (spent.Api - before.Api) / 1e6, (spent.Postgres - before.Postgres) / 1e6, Memory(processId, "VmRSS"), Memory(processId, "VmHWM"));
    }

    private static async Task CheckAsync(NpgsqlDataSource database, long expected, string sql, params object[] parameters)
    {
        long actual = await database.ScalarAsync<long>(sql, parameters);
        if (actual != expected)
            throw new InvalidOperationException(FormattableString.Invariant($"{sql}: {actual}, not {expected}."));
    }

    /// <summary>
    /// Publishes every node by copying rows of the product's own view, without its triggers, because an event for each of a million nodes
    /// is not what is measured.
    /// </summary>
    private static async Task PublishAsync(Uri api, NpgsqlDataSource database)
    {
        Guid farmer = await Accounts.CreateAsync(api, database, "farmer@bench.mycelium");
        await using NpgsqlConnection connection = await database.OpenConnectionAsync();
        await connection.RunAsync("SET session_replication_role = replica");
        await connection.RunAsync(
            "INSERT INTO farmer_twins (grid_number, twin_id, account_id) SELECT DISTINCT grid_number, twin_id, "
                + $"'{farmer}'::uuid FROM farms");
        await connection.RunAsync($"UPDATE farms SET owner_id = '{farmer}'");
        await connection.RunAsync(
            $"UPDATE nodes SET farmer_id = '{farmer}', is_published = true, price_per_slice = 12000 + grid_id * 7919 % 97 * 125 "
                + "WHERE slice_capacity > 0");
        await connection.RunAsync("INSERT INTO slice_combinations SELECT * FROM slice_combinations_for_sale");
        await connection.RunAsync("RESET session_replication_role");
        await connection.RunAsync("VACUUM ANALYZE");
    }

    private static async Task<(double One, double Many, double Ratio)> CompareAsync(BenchServers servers, Uri many, int processId, BenchOptions options)
    {
        QueryCase query = QueryCase.All[0];
        (Uri Address, int ProcessId)[] sides = [(new Uri(servers.Api, "/graphql"), servers.ApiProcessId), (many, processId)];
        List<double>[] rates = [[], []];
        for (int round = 0; round <= options.Rounds; round++)
        {
            for (int side = 0; side < sides.Length; side++)
            {
                (Uri address, int id) = sides[side];
                HttpRun run = await Wrk.RunAsync(address, query.Body, () => Spent.Of(servers, id), round == 0 ? WarmUpSeconds : options.Seconds);
                if (round > 0)
                    rates[side].Add(run.PerSecond);
            }
        }
        return (rates[0].Median(), rates[1].Median(), rates[0].Zip(rates[1], (one, all) => one / all).Median());
    }

    /// <summary>In MB, as reported by Linux.</summary>
    private static double Memory(int processId, string name)
    {
        string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status")).Single(
            line => line.StartsWith(name + ":", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^2], CultureInfo.InvariantCulture) / 1_024;
    }

    private sealed record PassOverAll(double Seconds, double ApiSeconds, double PostgresSeconds, double Memory, double MemoryMax);
}
