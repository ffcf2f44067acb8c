namespace Mycelium.GridStandIn.Fleet;

/// <summary>
/// SplitMix64: a stream of numbers from a seed. Every node and farm has its own stream, keyed by its ID,
/// so that record 900 000 does not depend on the ones before it.
/// </summary>
internal struct Randomness
{
    private ulong state;

    public Randomness(long seed, string what, long id)
    {
        state = unchecked((ulong)seed * 0x9E3779B97F4A7C15UL);
        foreach (char letter in what)
            state = Mix(state ^ letter);
        state = Mix(state ^ (ulong)id);
    }

    public ulong Next()
    {
        state = unchecked(state + 0x9E3779B97F4A7C15UL);
        return Mix(state);
    }

    /// <summary>From <paramref name="min"/> to <paramref name="max"/>, inclusive.</summary>
    public long Between(long min, long max) => min + (long)(Next() % (ulong)(max - min + 1));

    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    public bool Chance(int percent) => Next() % 100 < (ulong)percent;

    public T Of<T>(IReadOnlyList<T> choices) => choices[(int)(Next() % (ulong)choices.Count)];

    private static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
