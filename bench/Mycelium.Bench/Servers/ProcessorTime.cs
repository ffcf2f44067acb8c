using System.Globalization;

namespace Mycelium.Bench.Servers;

/// <summary>What a process has used of the processors, in user and kernel mode together, as Linux counts it.</summary>
internal static class ProcessorTime
{
    /// <summary>USER_HZ: the unit of /proc, 100 a second on every Linux.</summary>
    private const double MicrosecondsPerTick = 10_000;

    public static double MicrosecondsOf(int processId)
    {
        string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
        // The name, in parentheses, may hold spaces; the third field follows it. utime and stime are fields 14 and 15.
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) * MicrosecondsPerTick;
    }
}
