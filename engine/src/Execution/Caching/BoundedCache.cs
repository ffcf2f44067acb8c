using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// A cache by text, bounded in count and weight. An entry that was used since the last sweep stays for another round; entries that were never used
/// again go first, so that a stream of unique texts cannot push out those in use.
/// </summary>
/// <remarks>Reading takes no lock.</remarks>
internal sealed class BoundedCache<TValue>(int countMax, long weightMax) where TValue : class
{
    private readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    private readonly Queue<Entry> rounds = [];
    private readonly Lock gate = new();
    private long weight;

    public int Count
    {
        get
        {
            lock (gate)
                return rounds.Count;
        }
    }

    public bool TryGet(string key, [NotNullWhen(true)] out TValue? value)
    {
        bool isKnown = entries.TryGetValue(key, out Entry? entry);
        if (isKnown && !entry!.IsUsed)
            entry.IsUsed = true; // Written once a round, so that readers on other cores keep their cache line.
        value = entry?.Value;
        return isKnown;
    }

    public void Add(string key, TValue value, long valueWeight)
    {
        if (valueWeight > weightMax || countMax <= 0)
            return;
        var entry = new Entry(key, value, valueWeight);
        lock (gate)
        {
            if (!entries.TryAdd(key, entry))
                return;
            while (rounds.Count > 0 && (rounds.Count >= countMax || weight + valueWeight > weightMax))
                EvictNext();
            rounds.Enqueue(entry);
            weight += valueWeight;
        }
    }

    private void EvictNext()
    {
        Entry oldest = rounds.Dequeue();
        if (oldest.IsUsed)
        {
            oldest.IsUsed = false;
            rounds.Enqueue(oldest);
            return;
        }
        entries.TryRemove(oldest.Key, out _);
        weight -= oldest.Weight;
    }

    private sealed class Entry(string key, TValue value, long weight)
    {
        public string Key { get; } = key;
        public TValue Value { get; } = value;
        public long Weight { get; } = weight;
        public bool IsUsed { get; set; }
    }
}
