namespace Mycelium.Domain.Slices;

/// <summary>The smallest unit sold: 1 vCPU, 4 GiB of memory and 200 GiB of SSD, which is exactly one compute unit and one storage unit of the grid.</summary>
public static class BaseSlice
{
    public const int Cores = 1;
    public const long MemoryBytes = 4 * Gibibyte;
    public const long SsdBytes = 200 * Gibibyte;

    private const long Gibibyte = 1L << 30;
}
