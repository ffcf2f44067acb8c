using System.Globalization;

namespace Mycelium.Bench;

/// <param name="Seconds">How long one run lasts; a round has one of each side.</param>
/// <param name="Rounds">How often everything is measured, in turns; what is printed is the median.</param>
/// <param name="Only">One of the questions, or null for all.</param>
/// <param name="SoakSeconds">How long unique documents are sent: a minute unless <c>--seconds</c> says otherwise, since memory settles slowly.</param>
/// <param name="SoakPace">How many of them a second at most; null for as fast as they are answered.</param>
/// <param name="Grids">How many grids <c>--only grids</c> reads.</param>
/// <param name="GridNodes">How many nodes each of them has.</param>
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
        return value >= 1 && value <= max ? value : throw new ArgumentOutOfRangeException(name, value, $"--{name} goes from 1 to {max}.");
    }
}
