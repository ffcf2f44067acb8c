using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Projections of the operations in use. Each is built once for a selection, so that a store sees the same expression each time.</summary>
internal static class Projections
{
    private static readonly ConditionalWeakTable<object, object> Known = [];

    /// <param name="list">The selection of the list: the cache key.</param>
    /// <param name="items">The selections whose values are items.</param>
    public static Projection<T> Of<T>(Selection list, IReadOnlyList<Selection> items) =>
        Known.TryGetValue(list.CacheKey, out object? known) ? (Projection<T>)known : Add<T>(list, items);

    private static Projection<T> Add<T>(Selection list, IReadOnlyList<Selection> items) => (Projection<T>)Known.GetValue(list.CacheKey, _ => Make<T>(items));

    private static Projection<T> Make<T>(IReadOnlyList<Selection> items)
    {
        if (!ProjectedMembers.IsConstructible(typeof(T)))
            return Projection<T>.None;
        ProjectedMembers members = ProjectedMembers.Of(typeof(T), items);
        return new Projection<T>(ProjectionBuilder.Build<T>(members), StoreMembers.Of(members));
    }
}

/// <summary>What is fetched of each item, for the query's provider and for a reader.</summary>
/// <param name="Expression">Null when whole items have to be fetched.</param>
/// <param name="Members">Null when whole items have to be fetched.</param>
internal sealed record Projection<T>(Expression<Func<T, T>>? Expression, StoreMembers? Members)
{
    public static Projection<T> None { get; } = new(null, null);
}
