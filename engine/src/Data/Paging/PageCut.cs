using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>Where a page starts and ends in a sorted list, and the page made from the rows found there.</summary>
internal sealed class PageCut<T>
{
    private readonly PagingArguments paging;
    private readonly ItemOrder<T> order;
    private readonly CursorFormat cursors;
    private readonly Expression<Func<T, bool>>? behindAfter;
    private readonly Expression<Func<T, bool>>? beforeBefore;

    /// <exception cref="Errors.GraphQLException">A cursor does not belong to this list in this order.</exception>
    public PageCut(PagingArguments paging, ItemOrder<T> order, ICursorSeal? seal)
    {
        this.paging = paging;
        this.order = order;
        cursors = CursorFormat.Of(typeof(T), order.Keys, seal);
        behindAfter = paging.After is { } after ? Seek.Behind(order, cursors.Read("after", after)) : null;
        beforeBefore = paging.Before is { } before ? Seek.Behind(order.Reversed, cursors.Read("before", before)) : null;
    }

    public IReadOnlyList<OrderKey> Keys => order.Keys;

    /// <summary>The conditions of the page's bounds.</summary>
    public IEnumerable<Expression<Func<T, bool>>> Bounds => new[] { behindAfter, beforeBefore }.OfType<Expression<Func<T, bool>>>();

    public bool HasBounds => behindAfter is not null || beforeBefore is not null;

    /// <summary>The order to read in, starting at the page's own end of the list.</summary>
    public ItemOrder<T> ReadOrder => paging.IsBackward ? order.Reversed : order;

    /// <summary>One more row than the page has shows whether the list continues.</summary>
    public int ReadCount => paging.Size + 1;

    public Page<T> ToPage(IReadOnlyList<PageRow<T>> rows, int? totalCount)
    {
        bool goesOn = rows.Count > paging.Size;
        List<PageRow<T>> kept = [.. rows.Take(paging.Size)];
        if (paging.IsBackward)
            kept.Reverse();
        bool hasNext = paging.IsBackward ? paging.Before is not null : goesOn || paging.Before is not null;
        bool hasPrevious = paging.IsBackward ? goesOn || paging.After is not null : paging.After is not null;
        return new Page<T>([.. kept.Select(row => row.Item)], hasNext, hasPrevious, index => cursors.Write(kept[index].Keys), totalCount);
    }
}
