using System.Globalization;

namespace Mycelium.GridStandIn.Fleet;

/// <summary>Names of real hardware.</summary>
internal static class Machines
{
    public static readonly IReadOnlyList<string> AllFeatures =
    [
        "zmount", "zdb", "volume", "ipv4", "ip", "gateway-name-proxy", "gateway-fqdn-proxy", "qsfs", "zlogs", "network", "zmachine",
        "zmachine-light", "network-light", "wireguard", "yggdrasil", "mycelium",
    ];

    /// <summary>The features of a full (not "light") system.</summary>
    public static readonly IReadOnlyList<string> Features = [.. AllFeatures.Where(feature => !feature.EndsWith("-light", StringComparison.Ordinal))];

    private static readonly (string Vendor, string VersionOfBios, string Board, string Product)[] Boards =
    [
        ("American Megatrends Inc.", "3.2", "Supermicro", "X9DRi-LN4+/X9DR3-LN4+"),
        ("Dell Inc.", "2.13.0", "Dell Inc.", "0H21J3"),
        ("HP", "P89", "HP", "ProLiant DL360 Gen9"),
        ("American Megatrends International, LLC.", "F15", "Gigabyte Technology Co., Ltd.", "MZ32-AR0-00"),
        ("Intel Corp.", "WSKBL357", "Intel Corporation", "NUC7i7DNB"),
    ];

    private static readonly string[] Processors =
    [
        "Intel(R) Xeon(R) CPU E5-2620 0 @ 2.00GHz", "Intel(R) Xeon(R) CPU E5-2680 v4 @ 2.40GHz", "Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz",
        "AMD EPYC 7313 16-Core Processor", "AMD EPYC 7702 64-Core Processor", "AMD Ryzen 9 5950X 16-Core Processor",
    ];

    private static readonly string[] MemoryMakers = ["Hynix Semiconductor", "Samsung", "Micron Technology", "Kingston"];

    private static readonly (string Ids, string Vendor, string Device)[] GpuModels =
    [
        ("1002/744c", "Advanced Micro Devices, Inc. [AMD/ATI]", "Navi 31 [Radeon RX 7900 XT/7900 XTX]"),
        ("10de/2684", "NVIDIA Corporation", "AD102 [GeForce RTX 4090]"),
        ("10de/2204", "NVIDIA Corporation", "GA102 [GeForce RTX 3090]"),
        ("10de/1eb8", "NVIDIA Corporation", "TU104GL [Tesla T4]"),
    ];

    public static Hardware DrawHardware(int threads, ref Randomness random)
    {
        var board = random.Of(Boards);
        return new Hardware(
            board.Vendor, board.VersionOfBios, board.Board, board.Product, random.Of(Processors), threads,
            random.Of(MemoryMakers), random.Chance(60) ? "DDR4" : "DDR3");
    }

    public static Gpu[] DrawGpus(int count, long checkedAt, ref Randomness random)
    {
        var gpus = new Gpu[count];
        for (int index = 0; index < count; index++)
        {
            (string ids, string vendor, string device) = random.Of(GpuModels);
            gpus[index] = new Gpu(string.Create(CultureInfo.InvariantCulture, $"0000:{14 + index:x2}:00.0/{ids}"), vendor, device, 0, checkedAt);
        }
        return gpus;
    }
}
