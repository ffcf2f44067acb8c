using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>Finds who has to look at an event: everyone whom it concerns, and few others.</summary>
public interface IFeedIndex
{
    /// <param name="listening">Its source is of the class that made the index.</param>
    void Add(Listening listening);

    void Remove(Listening listening);

    void Collect(CommittedEvent told, ISet<Listening> into);
}

/// <summary>By the filter of the source.</summary>
/// <typeparam name="T">What is filtered.</typeparam>
/// <typeparam name="TSource">The class of the sources.</typeparam>
/// <param name="filterOf">Null for a source that tells everything.</param>
/// <param name="itemsOf">What an event changed, as it is and as it was: what matches neither is told to nobody.</param>
internal sealed class FilteredIndex<T, TSource>(Func<TSource, FilterPredicate<T>?> filterOf, Func<CommittedEvent, IEnumerable<T>> itemsOf) : IFeedIndex
{
    private readonly FilterIndex<T, Listening> index = new();

    public void Add(Listening listening) => index.Add(listening, filterOf((TSource)listening.Stream.Source));

    public void Remove(Listening listening) => index.Remove(listening);

    public void Collect(CommittedEvent told, ISet<Listening> into)
    {
        if (index.Count == 0)
            return;
        foreach (T item in itemsOf(told))
            index.Collect(item, into);
    }
}

/// <summary>By one key that a source and its events have in common.</summary>
/// <param name="keyOf">The key of a source.</param>
/// <param name="keyOfEvent">Null for an event that concerns no source of the class.</param>
internal sealed class KeyedIndex<TKey, TSource>(Func<TSource, TKey> keyOf, Func<CommittedEvent, TKey?> keyOfEvent) : IFeedIndex where TKey : struct
{
    private readonly Dictionary<TKey, HashSet<Listening>> listening = [];

    public void Add(Listening added)
    {
        TKey key = keyOf((TSource)added.Stream.Source);
        if (!listening.TryGetValue(key, out HashSet<Listening>? all))
            listening.Add(key, all = []);
        all.Add(added);
    }

    public void Remove(Listening removed)
    {
        TKey key = keyOf((TSource)removed.Stream.Source);
        if (listening.TryGetValue(key, out HashSet<Listening>? all) && all.Remove(removed) && all.Count == 0)
            listening.Remove(key);
    }

    public void Collect(CommittedEvent told, ISet<Listening> into)
    {
        if (keyOfEvent(told) is { } key && listening.TryGetValue(key, out HashSet<Listening>? all))
            into.UnionWith(all);
    }
}
