using System.Linq.Expressions;
using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// The query of one list field of an operation: its <c>where</c>, its <c>order</c>, its page, and what it selects. For data loaders and for resolvers
/// that run their own query; returned by <see cref="DataContextExtensions.PageQuery{T}"/>.
/// </summary>
public sealed class PageQuery<T>
{
    internal PageQuery(PagingArguments paging) => Paging = paging;

    public PagingArguments Paging { get; }

    /// <summary>Null when there is no filter.</summary>
    public FilterPredicate<T>? Filter { get; internal init; }

    internal IReadOnlyList<SortPath> Order { get; init; } = [];
    internal Expression<Func<T, T>>? Projection { get; init; }
    internal PageNeeds Needs { get; init; } = PageNeeds.All;

    /// <summary>What <see cref="Projection"/> reads; null for whole items.</summary>
    internal StoreMembers? Members { get; init; }

    /// <summary>Null when the query's own provider reads everything.</summary>
    internal IStoreReader? Reader { get; init; }

    /// <summary>Null when cursors are not signed.</summary>
    internal ICursorSeal? Seal { get; init; }

    /// <summary>Named by <see cref="UsePagingAttribute.KeyProperty"/>; found automatically otherwise.</summary>
    internal string? KeyProperty { get; init; }

    /// <summary>Ends every sort order, since it distinguishes any two items.</summary>
    internal PropertyInfo Key => ItemKeys.Of(typeof(T), KeyProperty);

    internal IQueryable<T> Filtered(IQueryable<T> source) => Filter is { } filter ? source.Where(filter.ToExpression(source)) : source;

    /// <summary>A plain page, without filter or projection.</summary>
    public static PageQuery<T> Of(PagingArguments paging) => new(PagingBounds.Default.Apply(paging));
}

/// <summary>The parts of a page that have to be computed.</summary>
internal sealed record PageNeeds(bool Items, bool Cursors, bool TotalCount)
{
    public static PageNeeds All { get; } = new(true, true, true);
    public static PageNeeds ItemsAlone { get; } = new(true, false, false);
}
