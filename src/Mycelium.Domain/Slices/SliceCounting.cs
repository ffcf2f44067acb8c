namespace Mycelium.Domain.Slices;

/// <summary>How many base slices a capacity holds. Correct for every input: it never overflows and never returns a negative number.</summary>
public static class SliceCounting
{
    /// <summary>Base slices in the capacity that others leave free. HDD does not count.</summary>
    public static int Count(Capacity total, Capacity usedByOthers)
    {
        Int128 byCores = ((Int128)total.Cores - usedByOthers.Cores) / BaseSlice.Cores;
        Int128 byMemory = ((Int128)total.MemoryBytes - usedByOthers.MemoryBytes) / BaseSlice.MemoryBytes;
        Int128 bySsd = ((Int128)total.SsdBytes - usedByOthers.SsdBytes) / BaseSlice.SsdBytes;

        return (int)Int128.Clamp(Int128.Min(byCores, Int128.Min(byMemory, bySsd)), 0, int.MaxValue);
    }

    /// <summary>Base slices in an unused capacity.</summary>
    public static int Count(Capacity total) => Count(total, usedByOthers: default);

    /// <summary>
    /// What the grid reports as used, minus what our own rentals deployed there: their slices already count as rented and must not be subtracted
    /// twice. Never negative.
    /// </summary>
    public static Capacity UsedByOthers(Capacity reported, Capacity own)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(own.Cores, nameof(own));
        ArgumentOutOfRangeException.ThrowIfNegative(own.MemoryBytes, nameof(own));
        ArgumentOutOfRangeException.ThrowIfNegative(own.SsdBytes, nameof(own));
        return new(
            (int)Left(reported.Cores, own.Cores),
            Left(reported.MemoryBytes, own.MemoryBytes),
            Left(reported.SsdBytes, own.SsdBytes),
            Math.Max(0, reported.HddBytes));
    }

    private static long Left(long used, long own) => (long)Int128.Max(0, (Int128)used - own);
}
