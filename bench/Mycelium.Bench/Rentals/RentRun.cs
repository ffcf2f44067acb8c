using Mycelium.Bench.Servers;

namespace Mycelium.Bench.Rentals;

/// <param name="PerSecond">Rentals committed a second.</param>
/// <param name="P50">Milliseconds from the request to the answer.</param>
/// <param name="P99">The same.</param>
/// <param name="Count">How many that were.</param>
internal sealed record RentRun(double PerSecond, double P50, double P99, double Count)
{
    /// <summary>Processor time of one rental.</summary>
    public Spent Spent { get; init; }

    /// <param name="milliseconds">How long each rental took; sorted here.</param>
    /// <param name="seconds">How long all took together.</param>
    public static RentRun Of(List<double> milliseconds, double seconds)
    {
        milliseconds.Sort();
        return new(milliseconds.Count / seconds, milliseconds.Percentile(0.5), milliseconds.Percentile(0.99), milliseconds.Count);
    }

    public static RentRun Median(IReadOnlyCollection<RentRun> runs) =>
        new(runs.Select(run => run.PerSecond).Median(), runs.Select(run => run.P50).Median(), runs.Select(run => run.P99).Median(), runs.Sum(run => run.Count)) { Spent = Spent.Median([.. runs.Select(run => run.Spent)]) };
}
