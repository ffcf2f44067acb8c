using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>What a statement for a page returns for each item.</summary>
internal sealed class PageRow<T>
{
    public T Item { get; set; } = default!;

    /// <summary>The item's sort keys; empty when no cursor is needed.</summary>
    public object?[] Keys { get; set; } = [];

    /// <summary>The number of items in the whole list: the same in each row, so that it needs no statement of its own.</summary>
    public int? TotalCount { get; set; }

    /// <summary>The row of an item. <paramref name="total"/> counts the whole list.</summary>
    public static Expression<Func<T, PageRow<T>>> Selector(Expression<Func<T, T>>? projection, IReadOnlyList<OrderKey> keys, bool hasCursors, Expression? total)
    {
        ParameterExpression item = projection?.Parameters[0] ?? Expression.Parameter(typeof(T), "item");
        List<MemberBinding> bindings = [Expression.Bind(typeof(PageRow<T>).GetProperty(nameof(Item))!, projection?.Body ?? item)];
        if (hasCursors)
        {
            IEnumerable<Expression> values = keys.Select(key => Expression.Convert(key.Of(item), typeof(object)));
            bindings.Add(Expression.Bind(typeof(PageRow<T>).GetProperty(nameof(Keys))!, Expression.NewArrayInit(typeof(object), values)));
        }
        if (total is not null)
            bindings.Add(Expression.Bind(typeof(PageRow<T>).GetProperty(nameof(TotalCount))!, Expression.Convert(total, typeof(int?))));
        return Expression.Lambda<Func<T, PageRow<T>>>(Expression.MemberInit(Expression.New(typeof(PageRow<T>)), bindings), item);
    }
}
