using System.Globalization;
using Mycelium.Bench.Servers;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Bench.Rentals;

/// <summary>
/// Callers of <c>rentSlices</c> over HTTP, by wrk with <c>rent.lua</c>, which is as light as pgbench. Each has one connection and one
/// request at a time. There are more accounts than callers, so that there are hardly ever two simultaneous requests of one account.
/// </summary>
internal sealed class RentCallers : IAsyncDisposable
{
    private readonly Uri api;
    private readonly NpgsqlDataSource database;
    private readonly string folder = Directory.CreateTempSubdirectory("mycelium-bench-").FullName;
    private int runCount;

    public RentCallers(BenchServers servers, string[] tokens)
    {
        api = new Uri(servers.Api, "/graphql");
        database = NpgsqlDataSource.Create(servers.ConnectionString);
        File.WriteAllLines(Path.Combine(folder, "tokens"), tokens);
    }

    /// <param name="load">The nodes to rent.</param>
    /// <param name="count">The number of simultaneous callers.</param>
    /// <param name="seconds">The duration.</param>
    /// <exception cref="InvalidOperationException">Not every response was a rental, so the numbers are meaningless.</exception>
    public async Task<RentRun> RunAsync(ShelfLoad load, int count, int seconds)
    {
        await File.WriteAllLinesAsync(Path.Combine(folder, "nodes"), load.Nodes.Select(CombinationId));
        long before = await RentalCountAsync();
        string output = await ChildProcess.RunAsync("wrk",
        [
            "-t1", "-c" + Text(count), "-d" + Text(seconds), "--timeout", "10s", "-s",
            RepositoryRoot.Combine("bench", "Mycelium.Bench", "Rentals", "rent.lua"), api.ToString(),
            "--", Path.Combine(folder, "tokens"), Path.Combine(folder, "nodes"), Text(load.InARow), $"run-{Text(++runCount)}-",
        ]);
        // The last line of the script: requests, failures, microseconds, and p50 and p99 in milliseconds.
        double[] summary =
        [
            .. output[output.LastIndexOf("RENTED", StringComparison.Ordinal)..].Split(' ')
                .Skip(1)
                .Select(word => double.Parse(word, CultureInfo.InvariantCulture)),
        ];
        long rented = await RentalCountAsync() - before;
        // wrk abandons open requests when the time is over; they may still lead to rentals.
        if (summary[1] > 0 || rented < summary[0] || rented > summary[0] + count)
            throw new InvalidOperationException($"{rented} rentals of {summary[0]} requests, {summary[1]} failed.\n{output}");
        return new RentRun(summary[0] / (summary[2] / 1_000_000), summary[3], summary[4], summary[0]);
    }

    public async ValueTask DisposeAsync()
    {
        await database.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    private Task<long> RentalCountAsync() => database.ScalarAsync<long>("SELECT count(*) FROM rentals");

    private static string CombinationId(long node) =>
        Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(FormattableString.Invariant($"SliceCombination:{node * 1024 + 1}")));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
