namespace Mycelium.Domain.Nodes;

/// <summary>
/// How <see cref="GridNode.UptimePercent"/> is computed. Time is divided into slots of 40 minutes, the grid's own report interval. A slot counts as up
/// if the node was seen up in it, or asleep as planned. Slots without an observation do not count. The window is the last 30 days.
/// </summary>
public static class Uptime
{
    public static readonly TimeSpan SlotLength = TimeSpan.FromMinutes(40);
    public static readonly TimeSpan Window = TimeSpan.FromDays(30);

    /// <summary>Slots in the window: 1 080.</summary>
    public const int WindowSlots = 1_080;

    /// <summary>The slot that contains an instant, counted from 1970.</summary>
    public static long SlotOf(DateTimeOffset at) => (long)Math.Floor((at - DateTimeOffset.UnixEpoch) / SlotLength);

    /// <summary>The first slot of the window that ends with the slot of <paramref name="now"/>.</summary>
    public static long FirstSlot(DateTimeOffset now) => SlotOf(now) - WindowSlots + 1;

    /// <summary>A node is up if it reports, or if it sleeps to save power and wakes on demand.</summary>
    public static bool IsUp(NodeStatus status) => status != NodeStatus.Down;

    /// <summary>The percentage of sampled slots in the window that were up, to two digits; null if there are none.</summary>
    public static double? Percent(IEnumerable<UptimeSample> samples, DateTimeOffset now)
    {
        long first = FirstSlot(now);
        long last = SlotOf(now);
        var slots = samples.Where(sample => sample.Slot >= first && sample.Slot <= last).ToLookup(sample => sample.Slot, sample => sample.IsUp);
        return Percent(slots.Count(slot => slot.Any(isUp => isUp)), slots.Count);
    }

    /// <inheritdoc cref="Percent(IEnumerable{UptimeSample}, DateTimeOffset)"/>
    public static double? Percent(int upSlots, int sampledSlots) =>
        sampledSlots == 0 ? null : Math.Round(100.0 * upSlots / sampledSlots, 2);
}

/// <summary>Whether a node was seen up in a slot of <see cref="Uptime.SlotLength"/>.</summary>
public readonly record struct UptimeSample(long Slot, bool IsUp);
