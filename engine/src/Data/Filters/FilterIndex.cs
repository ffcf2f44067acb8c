namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Filters and their holders, looked up by item without trying each filter. A filter that requires equality, as in <c>region: { eq: "Europe" }</c>,
/// is stored under those values; all others are in one list that is checked for every item. Not thread-safe.
/// </summary>
/// <typeparam name="T">The type of the items.</typeparam>
/// <typeparam name="THolder">The type of the holders of filters; each is added once.</typeparam>
public sealed class FilterIndex<T, THolder> where THolder : notnull
{
    private readonly Dictionary<FilterPath, ByValue> paths = [];
    private readonly Dictionary<THolder, FilterEquality?> holders = [];
    private readonly HashSet<THolder> unconditional = [];

    /// <summary>The number of holders.</summary>
    public int Count => holders.Count;

    /// <summary>How many of them are checked for every item, since their filters do not require equality.</summary>
    public int UnconditionalCount => unconditional.Count;

    /// <param name="holder">Not in the index yet.</param>
    /// <param name="filter">Null for a filter that matches everything.</param>
    public void Add(THolder holder, FilterPredicate<T>? filter)
    {
        FilterEquality? chosen = filter is null ? null : MostSelective(filter.Equalities);
        holders.Add(holder, chosen);
        if (chosen is null)
        {
            unconditional.Add(holder);
            return;
        }
        if (!paths.TryGetValue(chosen.Path, out ByValue? byValue))
            paths.Add(chosen.Path, byValue = new ByValue(chosen.Path.Reader<T>()));
        foreach (object? value in chosen.Values)
            byValue.At(value).Add(holder);
    }

    public void Remove(THolder holder)
    {
        if (!holders.Remove(holder, out FilterEquality? chosen))
            return;
        if (chosen is null)
        {
            unconditional.Remove(holder);
            return;
        }
        ByValue byValue = paths[chosen.Path];
        foreach (object? value in chosen.Values)
            byValue.Remove(value, holder);
        if (byValue.IsEmpty)
            paths.Remove(chosen.Path);
    }

    /// <summary>Adds all holders whose filter the item may match: every holder whose filter does match, and few others.</summary>
    public void Collect(T item, ISet<THolder> into)
    {
        into.UnionWith(unconditional);
        foreach (ByValue byValue in paths.Values)
        {
            if (byValue.Holding(item) is { } found)
                into.UnionWith(found);
        }
    }

    /// <summary>The most selective equality: the one whose values have the fewest holders so far.</summary>
    private FilterEquality? MostSelective(IReadOnlyList<FilterEquality> equalities) => equalities.MinBy(equality => (
        Held: paths.TryGetValue(equality.Path, out ByValue? byValue) ? equality.Values.Sum(byValue.CountAt) : 0,
        equality.Values.Count));

    /// <summary>The holders under one path.</summary>
    private sealed class ByValue(Func<T, object?> read)
    {
        private static readonly object nothing = new();
        private readonly Dictionary<object, HashSet<THolder>> holders = [];

        public bool IsEmpty => holders.Count == 0;

        public HashSet<THolder>? Holding(T item) => holders.GetValueOrDefault(read(item) ?? nothing);

        public int CountAt(object? value) => holders.GetValueOrDefault(value ?? nothing)?.Count ?? 0;

        public HashSet<THolder> At(object? value)
        {
            if (!holders.TryGetValue(value ?? nothing, out HashSet<THolder>? at))
                holders.Add(value ?? nothing, at = []);
            return at;
        }

        public void Remove(object? value, THolder holder)
        {
            HashSet<THolder> at = holders[value ?? nothing];
            at.Remove(holder);
            if (at.Count == 0)
                holders.Remove(value ?? nothing);
        }
    }
}
