namespace Mycelium.Domain.Slices;

/// <summary>The capacity of a machine, or a part of it: logical cores, and bytes of memory, SSD and HDD.</summary>
public readonly record struct Capacity(int Cores, long MemoryBytes, long SsdBytes, long HddBytes);
