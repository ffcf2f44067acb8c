using Mycelium.Bench.Rentals;

namespace Mycelium.Bench.Servers;

/// <summary>Processor time in microseconds, by who spent it.</summary>
internal readonly record struct Spent(double Api, double Postgres, double Redis, double Callers)
{
    /// <summary>What one rental of a run took of each.</summary>
    public static async Task<RentRun> MeasureAsync(BenchServers servers, Func<Task<RentRun>> run)
    {
        Spent before = Of(servers);
        RentRun done = await run();
        Spent after = Of(servers);
        return done with
        {
            Spent = new(
                (after.Api - before.Api) / done.Count, (after.Postgres - before.Postgres) / done.Count, (after.Redis - before.Redis) / done.Count,
                (after.Callers - before.Callers) / done.Count),
        };
    }

    public static Spent Median(IReadOnlyCollection<Spent> all) => new(
        all.Select(one => one.Api).Median(), all.Select(one => one.Postgres).Median(), all.Select(one => one.Redis).Median(), all.Select(one => one.Callers).Median());

    public override string ToString() => FormattableString.Invariant($"{Api:F0} + {Postgres:F0} + {Redis:F0} + {Callers:F0}");

    private static Spent Of(BenchServers servers) => new(
        ProcessorTime.MicrosecondsOf(servers.ApiProcessId), ProcessorTime.MicrosecondsOfTree(servers.PostgresProcessId), ProcessorTime.MicrosecondsOf(servers.RedisProcessId),
        ProcessorTime.MicrosecondsOfEndedChildren());
}
