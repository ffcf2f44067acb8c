namespace Mycelium.Bench;

/// <summary>Tables go to standard output, progress beside it.</summary>
internal static class Report
{
    public static void Line(FormattableString text) => Console.WriteLine(FormattableString.Invariant(text));

    public static void Progress(FormattableString text) => Console.Error.WriteLine(FormattableString.Invariant(text));

    /// <summary>The middle value; of an even number the mean of the two in the middle.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest value that at least this share of all do not exceed.</summary>
    public static double Percentile(this IReadOnlyList<double> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1)];
}
