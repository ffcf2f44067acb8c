using System.Diagnostics.CodeAnalysis;

namespace Mycelium.GraphQL;

/// <summary>
/// A bounded memory in two halves: what was used since the younger one was begun is in it, and when that is full the older one goes. So what is used often
/// stays, and a stream of keys that come once pushes out at most one half.
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

    /// <param name="make">Quick: called under the lock, so that it is called once for all who ask at the same time.</param>
    public TValue GetOrAdd(TKey key, Func<TKey, TValue> make)
    {
        lock (gate)
            return TryFind(key, out TValue? known) ? known : Put(key, make(key));
    }

    /// <summary>A new value in place of <paramref name="outdated"/>, unless somebody else was quicker.</summary>
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

    /// <summary>Looks at every key: for what happens now and then.</summary>
    public void RemoveWhere(Predicate<TKey> isMeant)
    {
        lock (gate)
        {
            foreach (Dictionary<TKey, TValue> half in (Dictionary<TKey, TValue>[])[young, old])
            {
                foreach (TKey key in half.Keys.Where(key => isMeant(key)).ToArray())
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
