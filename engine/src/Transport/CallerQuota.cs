namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Counts the sockets or streams that one key, an account or an address, has open.</summary>
/// <param name="max">How many it may have; null for any number.</param>
internal sealed class CallerQuota(int? max)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>Keys that have one open.</summary>
    public int KeyCount
    {
        get
        {
            lock (gate)
                return counts.Count;
        }
    }

    /// <param name="key">Null is nobody, who is not counted.</param>
    /// <returns>A place to give back by disposing it; null when there is none left.</returns>
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
