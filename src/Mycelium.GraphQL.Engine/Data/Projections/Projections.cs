using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Projections of the operations that are in use: each is made once for a selection, so that a store sees the same expression each time.</summary>
internal static class Projections
{
    private static readonly ConditionalWeakTable<object, Made> Known = [];

    /// <summary>Null when whole items have to be fetched.</summary>
    /// <param name="list">The selection of the list: the key of the cache.</param>
    /// <param name="items">The selections whose values are items.</param>
    public static Expression<Func<T, T>>? Of<T>(Selection list, IReadOnlyList<Selection> items) =>
        (Expression<Func<T, T>>?)Known.GetValue(list.CacheKey, _ => new Made(ProjectionBuilder.Build<T>(items))).Projection;

    private sealed record Made(LambdaExpression? Projection);
}
