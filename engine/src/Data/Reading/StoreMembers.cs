using System.Collections.Concurrent;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// The properties of an item, and of the single objects below it, that are read. Made once for a selection, so readers may cache what they derive
/// from it.
/// </summary>
/// <param name="Values">Read completely.</param>
/// <param name="Objects">Single objects that are read in part.</param>
/// <param name="IsWhole">All values of the item itself are read, whether or not they are named.</param>
public sealed record StoreMembers(IReadOnlyList<PropertyInfo> Values, IReadOnlyList<StoreObject> Objects, bool IsWhole)
{
    private readonly ConcurrentDictionary<string, StoreMembers> including = new(StringComparer.Ordinal);

    /// <summary>Whole items with nothing below them.</summary>
    public static StoreMembers Whole { get; } = new([], [], IsWhole: true);

    internal static StoreMembers Of(ProjectedMembers members) => new(
        [.. members.Values.Where(value => !members.Objects.ContainsKey(value))],
        [.. members.Objects.Select(below => new StoreObject(below.Key, Below(members, below.Key, below.Value)))],
        members.IsWhole);

    /// <summary>These, plus the sort keys that cursors are made of.</summary>
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

    /// <summary>A resolver that also reads the object does not say which properties.</summary>
    private static StoreMembers Below(ProjectedMembers owner, PropertyInfo member, ProjectedMembers below)
    {
        if (owner.Values.Contains(member))
            below.ReadWhole();
        return Of(below);
    }
}

/// <summary>A single object below an item, and what is read of it.</summary>
public sealed record StoreObject(PropertyInfo Member, StoreMembers Members);
