using System.Globalization;

namespace Mycelium.Bench.Documents;

/// <summary>The memory of a process at one moment of the soak test.</summary>
/// <param name="Seconds">Seconds since the start.</param>
/// <param name="Documents">Documents sent by then.</param>
/// <param name="Resident">Bytes of the resident set, including garbage.</param>
/// <param name="Heap">Bytes of the managed heap after the latest full collection.</param>
/// <param name="Collections">Full collections by then.</param>
internal sealed record SoakLook(double Seconds, long Documents, long Resident, long Heap, long Collections)
{
    public const double Megabyte = 1e6;

    /// <summary>Null before the first full collection of the process.</summary>
    public static async Task<SoakLook?> AtAsync(int processId, string heapFile, TimeSpan time, long documents, CancellationToken cancellation)
    {
        if (await File.ReadAllTextAsync(heapFile, cancellation) is not { Length: > 0 } heap)
            return null;
        string[] values = heap.Split(' ');
        return new(
            time.TotalSeconds, documents, ResidentBytes(processId), long.Parse(values[0], CultureInfo.InvariantCulture),
            long.Parse(values[1], CultureInfo.InvariantCulture));
    }

    /// <summary>The slope in bytes per second of the regression line through the samples (least squares).</summary>
    public static double Slope(SoakLook[] looks, Func<SoakLook, long> bytes)
    {
        double time = looks.Average(at => at.Seconds), mean = looks.Average(bytes);
        return looks.Sum(at => (at.Seconds - time) * (bytes(at) - mean)) / looks.Sum(at => (at.Seconds - time) * (at.Seconds - time));
    }

    private static long ResidentBytes(int processId)
    {
        const string Name = "VmRSS:";
        string line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/status")).Single(
            line => line.StartsWith(Name, StringComparison.Ordinal));
        return 1024 * long.Parse(line.AsSpan(Name.Length, line.Length - Name.Length - "kB".Length), CultureInfo.InvariantCulture);
    }
}
