using System.Globalization;
using Mycelium.Bench.Rentals;

namespace Mycelium.Bench.Servers;

/// <summary>Processor time in microseconds, by process.</summary>
internal readonly record struct Spent(double Api, double Postgres, double Redis, double Callers)
{
    /// <summary>The processor time per rental in a run.</summary>
    public static async Task<RentRun> MeasureAsync(BenchServers servers, Func<Task<RentRun>> run)
    {
        Spent before = Of(servers, servers.ApiProcessId);
        RentRun done = await run();
        return done with { Spent = Of(servers, servers.ApiProcessId).Since(before, done.Count) };
    }

    /// <summary>The processor time per operation since then.</summary>
    public Spent Since(Spent before, double count) =>
        new((Api - before.Api) / count, (Postgres - before.Postgres) / count, (Redis - before.Redis) / count, (Callers - before.Callers) / count);

    public static Spent Median(IReadOnlyCollection<Spent> all) => new(
        all.Select(one => one.Api).Median(),
        all.Select(one => one.Postgres).Median(),
        all.Select(one => one.Redis).Median(),
        all.Select(one => one.Callers).Median());

    public override string ToString() => ToString("F0");

    public string ToString(string format) => string.Join(
        " + ", new[] { Api, Postgres, Redis, Callers }.Select(one => one.ToString(format, CultureInfo.InvariantCulture)));

    /// <param name="apiProcessId">The server under test, ours or another.</param>
    public static Spent Of(BenchServers servers, int apiProcessId) => new(
        ProcessorTime.MicrosecondsOf(apiProcessId),
        ProcessorTime.MicrosecondsOfTree(servers.PostgresProcessId),
        ProcessorTime.MicrosecondsOf(servers.RedisProcessId),
        ProcessorTime.MicrosecondsOfEndedChildren());
}
