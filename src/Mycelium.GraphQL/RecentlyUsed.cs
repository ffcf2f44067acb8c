using System.Diagnostics.CodeAnalysis;

namespace Mycelium.GraphQL;

/// <summary>
/// A bounded cache in two halves. Entries used since the younger half was started are in it; when it is full, the older half is dropped. So
/// entries that are used often stay, and a stream of keys that occur only once evicts at most one half.
/// </summary>
internal sealed class RecentlyUsed<TKey, TValue>(int countMax) where TKey : notnull where TValue : class
{
    private readonly Lock gate = new();
    private Dictionary<TKey, TValue> young = [];
    private Dictionary<TKey, TValue> old = [];

    public int Count
    {
        get
        {
            lock (gate)
                return young.Count + old.Count;
        }
    }

    /// <param name="make">Must be quick: it is called under the lock, so that it is called only once for simultaneous callers.</param>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        lock (gate)
            return TryFind(key, out TValue? known) ? known : Put(key, make(key));
    }

    /// <summary>Replaces <paramref name="outdated"/> by a new value, unless another caller already has.</summary>
    public TValue Replace(TKey key, TValue outdated, Func<TKey, TValue> make)
    {
        lock (gate)
            return TryFind(key, out TValue? known) && known != outdated ? known : Put(key, make(key));
    }

    public TValue? Find(TKey key)
    {
        lock (gate)
            return TryFind(key, out TValue? known) ? known : null;
    }

    public void Set(TKey key, TValue value)
    {
        lock (gate)
        {
            old.Remove(key);
            Put(key, value);
        }
    }

    public void Remove(TKey key)
    {
        lock (gate)
        {
            young.Remove(key);
            old.Remove(key);
        }
    }

    /// <summary>Scans all keys, so it is for rare events only.</summary>
    public void RemoveWhere(Predicate<TKey> matches)
    {
        lock (gate)
        {
            foreach (Dictionary<TKey, TValue> half in (Dictionary<TKey, TValue>[])[young, old])
            {
                foreach (TKey key in half.Keys.Where(key => matches(key)).ToArray())
                    half.Remove(key);
            }
        }
    }

    public void Clear()
    {
        lock (gate)
            (young, old) = ([], []);
    }

    private bool TryFind(TKey key, [NotNullWhen(true)] out TValue? known)
    {
        if (young.TryGetValue(key, out known))
            return true;
        if (!old.Remove(key, out known))
            return false;
        Put(key, known);
        return true;
    }

    private TValue Put(TKey key, TValue value)
    {
        if (young.Count >= countMax / 2)
            (old, young) = (young, []);
        return young[key] = value;
    }
}
