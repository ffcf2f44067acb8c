using System.Globalization;

namespace Mycelium.Bench;

/// <param name="Seconds">How long one run lasts. A round has one run of each side.</param>
/// <param name="Rounds">How many rounds are measured, with the sides in turns. The median is printed.</param>
/// <param name="Only">One of the benchmarks, or null for all.</param>
/// <param name="SoakSeconds">How long unique documents are sent: a minute by default, because memory settles slowly.</param>
/// <param name="SoakPace">How many documents are sent per second at most; null for as many as possible.</param>
/// <param name="Grids">How many grids <c>--only grids</c> reads.</param>
/// <param name="GridNodes">How many nodes each grid has.</param>
internal sealed record BenchOptions(int Seconds, int Rounds, string? Only, int SoakSeconds, int? SoakPace, int Grids, int GridNodes)
{
    private const int SecondsMax = 3_600;

    public static BenchOptions From(IConfiguration configuration) =>
        new(Whole(configuration["seconds"] ?? "4", SecondsMax, "seconds"), Whole(configuration["rounds"] ?? "3", max: 50, "rounds"), configuration["only"],
            Whole(configuration["seconds"] ?? "60", SecondsMax, "seconds"), configuration["pace"] is { } pace ? Whole(pace, max: 10_000, "pace") : null,
            Whole(configuration["grids"] ?? "100", max: 1_000, "grids"), Whole(configuration["grid-nodes"] ?? "10000", max: 100_000, "grid-nodes"));

    public bool Asks(string question) => Only is null || Only == question;

    private static int Whole(string text, int max, string name)
    {
        int value = int.Parse(text, CultureInfo.InvariantCulture);
        return value >= 1 && value <= max ? value : throw new ArgumentOutOfRangeException(name, value, $"--{name} must be 1 to {max}.");
    }
}
