using System.Collections.Concurrent;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The properties of an item that are read, and those of the single objects below it. Made once for a selection: readers may keep what they make of it.</summary>
/// <param name="Values">Read as they are.</param>
/// <param name="Objects">Single objects of which a part is read.</param>
/// <param name="IsWhole">All values of the item itself are read, whether they are named or not.</param>
public sealed record StoreMembers(IReadOnlyList<PropertyInfo> Values, IReadOnlyList<StoreObject> Objects, bool IsWhole)
{
    private readonly ConcurrentDictionary<string, StoreMembers> including = new(StringComparer.Ordinal);

    /// <summary>Whole items with nothing below them.</summary>
    public static StoreMembers Whole { get; } = new([], [], IsWhole: true);

    internal static StoreMembers Of(ProjectedMembers members) => new(
        [.. members.Values.Where(value => !members.Objects.ContainsKey(value))],
        [.. members.Objects.Select(below => new StoreObject(below.Key, Below(members, below.Key, below.Value)))],
        members.IsWhole);

    /// <summary>These and the keys of an order: what cursors are made of.</summary>
    internal StoreMembers Including(IReadOnlyList<StoreKey> order)
    {
        if (order.All(key => Has(key.Path.Members)))
            return this;
        string name = string.Join(',', order.Select(key => string.Join('.', key.Path.Members.Select(member => member.Name))));
        return including.GetOrAdd(name, (_, keys) => keys.Aggregate(this, (members, key) => members.With(key.Path.Members)), order);
    }

    private bool Has(IReadOnlyList<PropertyInfo> path) => path.Count == 1
        ? IsWhole || Values.Contains(path[0])
        : Objects.FirstOrDefault(below => below.Member == path[0])?.Members.Has([.. path.Skip(1)]) == true;

    private StoreMembers With(IReadOnlyList<PropertyInfo> path)
    {
        if (Has(path))
            return this;
        if (path.Count == 1)
            return new StoreMembers([.. Values, path[0]], Objects, IsWhole);
        StoreMembers below = Objects.FirstOrDefault(known => known.Member == path[0])?.Members ?? new StoreMembers([], [], IsWhole: false);
        return new StoreMembers(
            Values, [.. Objects.Where(known => known.Member != path[0]), new StoreObject(path[0], below.With([.. path.Skip(1)]))], IsWhole);
    }

    /// <summary>A resolver that reads the object, too, does so in a way that it does not tell.</summary>
    private static StoreMembers Below(ProjectedMembers owner, PropertyInfo member, ProjectedMembers below)
    {
        if (owner.Values.Contains(member))
            below.ReadWhole();
        return Of(below);
    }
}

/// <summary>A single object below an item, and what is read of it.</summary>
public sealed record StoreObject(PropertyInfo Member, StoreMembers Members);
