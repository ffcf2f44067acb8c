namespace Mycelium.Bench;

/// <summary>Tables go to standard output, and progress to standard error.</summary>
internal static class Report
{
    /// <param name="parts">Of one line, which is too long for one line of code.</param>
    public static void Line(params ReadOnlySpan<string> parts) => Console.WriteLine(string.Concat(parts));

    public static void Progress(params ReadOnlySpan<string> parts) => Console.Error.WriteLine(string.Concat(parts));

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest value that at least this share of the values do not exceed.</summary>
    public static double Percentile(this IReadOnlyList<double> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1)];
}
