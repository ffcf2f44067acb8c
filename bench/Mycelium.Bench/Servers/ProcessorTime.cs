using System.Globalization;

namespace Mycelium.Bench.Servers;

/// <summary>The processor time of a process, in user and kernel mode, as reported by Linux.</summary>
internal static class ProcessorTime
{
    /// <summary>USER_HZ: the unit of /proc, 100 per second on every Linux.</summary>
    private const double MicrosecondsPerTick = 10_000;

    public static double MicrosecondsOf(int processId) => Sum(processId, 11, 12);

    /// <summary>Including its children, running and ended.</summary>
    public static double MicrosecondsOfTree(int processId)
    {
        string children = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/task/{processId}/children"));
        return Sum(processId, 11, 12, 13, 14)
            + children.Split(' ', StringSplitOptions.RemoveEmptyEntries).Sum(child => MicrosecondsOf(int.Parse(child, CultureInfo.InvariantCulture)));
    }

    /// <summary>The processor time of this program's ended children, which are load generators.</summary>
    public static double MicrosecondsOfEndedChildren() => Sum(Environment.ProcessId, 13, 14);

    private static double Sum(int processId, params int[] fields)
    {
        try
        {
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/stat"));
            // The name, in parentheses, may hold spaces; the third field follows it. utime, stime, cutime and cstime are fields 14 to 17.
            string[] values = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields.Sum(field => long.Parse(values[field], CultureInfo.InvariantCulture)) * MicrosecondsPerTick;
        }
        catch (IOException)
        {
            return 0; // The backend ended before or while its file was read; its parent counts it.
        }
    }
}
