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
    /// What the grid reports as used, minus the slices of our own rentals that run there: they already count as rented and must not be subtracted
    /// twice. Never negative.
    /// </summary>
    public static Capacity UsedByOthers(Capacity reported, int ownSlices)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(ownSlices);
        return new(
            (int)Left(reported.Cores, BaseSlice.Cores, ownSlices),
            Left(reported.MemoryBytes, BaseSlice.MemoryBytes, ownSlices),
            Left(reported.SsdBytes, BaseSlice.SsdBytes, ownSlices),
            Math.Max(0, reported.HddBytes));
    }

    private static long Left(long used, long inSlice, int slices) => (long)Int128.Max(0, used - (Int128)inSlice * slices);
}
