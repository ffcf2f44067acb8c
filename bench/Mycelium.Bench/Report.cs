namespace Mycelium.Bench;

/// <summary>Tables go to standard output, and progress to standard error.</summary>
internal static class Report
{
    public static void Line(params ReadOnlySpan<FormattableString> parts) => Console.WriteLine(Text(parts));

    public static void Progress(params ReadOnlySpan<FormattableString> parts) => Console.Error.WriteLine(Text(parts));

    /// <summary>A long line is written in several parts.</summary>
    private static string Text(ReadOnlySpan<FormattableString> parts)
    {
        string text = "";
        foreach (FormattableString part in parts)
            text += FormattableString.Invariant(part);
        return text;
    }

    /// <summary>The middle value, or the mean of the two middle ones.</summary>
    public static double Median(this IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The smallest value that at least this share of the values do not exceed.</summary>
    public static double Percentile(this IReadOnlyList<double> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(sorted.Count * share) - 1)];
}
