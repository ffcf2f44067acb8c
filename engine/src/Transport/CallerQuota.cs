namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Counts the open sockets or streams of each key, which is an account or an address.</summary>
/// <param name="max">The maximum for each key; null for no limit.</param>
internal sealed class CallerQuota(int? max)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>The number of keys with any open.</summary>
    public int KeyCount
    {
        get
        {
            lock (gate)
                return counts.Count;
        }
    }

    /// <param name="key">Null is an unknown caller, who is not counted.</param>
    /// <returns>A slot to release by disposing it; null when there is none left.</returns>
    public IDisposable? TryTake(string? key)
    {
        if (max is null || key is null)
            return QuotaPlace.OfNobody;
        lock (gate)
        {
            int count = counts.GetValueOrDefault(key);
            if (count >= max)
                return null;
            counts[key] = count + 1;
        }
        return new QuotaPlace(this, key);
    }

    private void GiveBack(string key)
    {
        lock (gate)
        {
            if (counts[key] == 1)
                counts.Remove(key);
            else
                counts[key]--;
        }
    }

    private sealed class QuotaPlace(CallerQuota? quota, string key) : IDisposable
    {
        private CallerQuota? quota = quota;

        public static QuotaPlace OfNobody { get; } = new(null, "");

        public void Dispose() => Interlocked.Exchange(ref quota, null)?.GiveBack(key);
    }
}
