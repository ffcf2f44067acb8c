using Mycelium.GraphQL.Engine.Data;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL.Events;

/// <summary>Finds the groups that an event can concern: all that it does concern, and few others.</summary>
internal interface IFeedIndex
{
    /// <param name="group">Its source is of the class that made the index.</param>
    void Add(LiveGroup group);

    void Remove(LiveGroup group);

    void Collect(CommittedEvent committed, ISet<LiveGroup> into);
}

/// <summary>By the filter of the feed.</summary>
/// <typeparam name="T">What is filtered.</typeparam>
/// <typeparam name="TFeed">The class of the feeds.</typeparam>
/// <param name="filterOf">Null for a feed that delivers everything.</param>
/// <param name="itemsOf">What an event changed, as it is and as it was: what matches neither is delivered to nobody.</param>
internal sealed class FilteredIndex<T, TFeed>(Func<TFeed, FilterPredicate<T>?> filterOf, Func<CommittedEvent, IEnumerable<T>> itemsOf)
    : IFeedIndex where TFeed : Feed
{
    private readonly FilterIndex<T, LiveGroup> index = new();

    public void Add(LiveGroup group) => index.Add(group, filterOf((TFeed)group.Source));

    public void Remove(LiveGroup group) => index.Remove(group);

    public void Collect(CommittedEvent committed, ISet<LiveGroup> into)
    {
        if (index.Count == 0)
            return;
        foreach (T item in itemsOf(committed))
            index.Collect(item, into);
    }
}

/// <summary>By one key that a feed and its events have in common.</summary>
/// <param name="keyOf">The key of a feed.</param>
/// <param name="keyOfEvent">Null for an event that concerns no feed of the class.</param>
internal sealed class KeyedIndex<TKey, TFeed>(Func<TFeed, TKey> keyOf, Func<CommittedEvent, TKey?> keyOfEvent)
    : IFeedIndex where TKey : struct where TFeed : Feed
{
    private readonly Dictionary<TKey, HashSet<LiveGroup>> groups = [];

    public void Add(LiveGroup added)
    {
        TKey key = keyOf((TFeed)added.Source);
        if (!groups.TryGetValue(key, out HashSet<LiveGroup>? all))
            groups.Add(key, all = []);
        all.Add(added);
    }

    public void Remove(LiveGroup removed)
    {
        TKey key = keyOf((TFeed)removed.Source);
        if (groups.TryGetValue(key, out HashSet<LiveGroup>? all) && all.Remove(removed) && all.Count == 0)
            groups.Remove(key);
    }

    public void Collect(CommittedEvent committed, ISet<LiveGroup> into)
    {
        if (keyOfEvent(committed) is { } key && groups.TryGetValue(key, out HashSet<LiveGroup>? all))
            into.UnionWith(all);
    }
}
