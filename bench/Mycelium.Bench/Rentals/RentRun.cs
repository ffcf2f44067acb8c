using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Rentals;

/// <param name="PerSecond">Rentals committed per second.</param>
/// <param name="P50">Milliseconds from request to response, median.</param>
/// <param name="P99">The same, 99th percentile.</param>
/// <param name="Count">The number of rentals.</param>
internal sealed record RentRun(double PerSecond, double P50, double P99, double Count)
{
    /// <summary>Processor time per rental.</summary>
    public Spent Spent { get; init; }

    /// <param name="milliseconds">How long each rental took. This method sorts the list.</param>
    /// <param name="seconds">The duration of the run.</param>
    public static RentRun Of(List<double> milliseconds, double seconds)
    {
        milliseconds.Sort();
        return new(milliseconds.Count / seconds, milliseconds.Percentile(0.5), milliseconds.Percentile(0.99), milliseconds.Count);
    }

    public static RentRun Median(IReadOnlyCollection<RentRun> runs) =>
        new(
            runs.Select(run => run.PerSecond).Median(),
            runs.Select(run => run.P50).Median(),
            runs.Select(run => run.P99).Median(),
            runs.Sum(run => run.Count))
        {
            Spent = Spent.Median([.. runs.Select(run => run.Spent)]),
        };
}
