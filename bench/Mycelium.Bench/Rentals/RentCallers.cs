using System.Globalization;
using Mycelium.Bench.Servers;
using Mycelium.Testing;
using Npgsql;

namespace Mycelium.Bench.Rentals;

/// <summary>
/// Callers of <c>rentSlices</c> over HTTP, by wrk with <c>rent.lua</c>: as light as pgbench. Each has its connection and one request at a time; accounts are more than
/// callers, so that hardly ever two requests of one account are under way.
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

    /// <param name="load">Which nodes are rented.</param>
    /// <param name="count">How many call at once.</param>
    /// <param name="seconds">For how long.</param>
    /// <exception cref="InvalidOperationException">Not every answer was a rental: then the numbers mean nothing.</exception>
    public async Task<RentRun> RunAsync(ShelfLoad load, int count, int seconds)
    {
        await File.WriteAllLinesAsync(Path.Combine(folder, "nodes"), load.Nodes.Select(CombinationId));
        long before = await RentalCountAsync();
        string output = await ChildProcess.RunAsync("wrk",
        [
            "-t1", "-c" + Text(count), "-d" + Text(seconds), "--timeout", "10s", "-s", RepositoryRoot.Combine("bench", "Mycelium.Bench", "Rentals", "rent.lua"), api.ToString(),
            "--", Path.Combine(folder, "tokens"), Path.Combine(folder, "nodes"), Text(load.InARow), $"run-{Text(++runCount)}-",
        ]);
        // Requests, failures, microseconds, p50 and p99 in milliseconds: the line that the script writes at the end.
        double[] told = [.. output[output.LastIndexOf("RENTED", StringComparison.Ordinal)..].Split(' ').Skip(1).Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
        long rented = await RentalCountAsync() - before;
        // wrk drops what is under way when the time is over; it may be rented all the same.
        if (told[1] > 0 || rented < told[0] || rented > told[0] + count)
            throw new InvalidOperationException($"{rented} rentals of {told[0]} requests, {told[1]} failed.\n{output}");
        return new RentRun(told[0] / (told[2] / 1_000_000), told[3], told[4], told[0]);
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
