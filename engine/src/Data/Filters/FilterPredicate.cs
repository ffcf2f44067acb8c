using System.Linq.Expressions;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// A coerced <c>where</c> as a condition on items, for a database and for memory alike: a subscription delivers exactly what its query would list. A
/// resolver parameter may have this type; it matches everything when the client gives no filter.
/// </summary>
public sealed class FilterPredicate<T>
{
    private readonly FilterNode filter;
    private Func<T, bool>? matches;

    internal FilterPredicate(FilterNode filter) => this.filter = filter;

    internal FilterNode Node => filter;

    /// <summary>The equality conditions that every matching item meets.</summary>
    internal IReadOnlyList<FilterEquality> Equalities => FilterEquality.Of(filter);

    /// <summary>The condition for an <see cref="IQueryable{T}"/>.</summary>
    public Expression<Func<T, bool>> ToExpression(IQueryable<T> source) => FilterExpression.Of<T>(filter, ItemSources.Of(source));

    /// <summary>Whether the item matches. A missing object below it counts as one whose values are all null, as in a left join.</summary>
    public bool Matches(T item) => (matches ??= FilterExpression.Of<T>(filter, ItemSource.Memory).Compile())(item);
}

public static class FilterPredicate
{
    /// <param name="coercedWhere">The value of the argument <c>where</c>; null matches everything.</param>
    /// <exception cref="GraphQLException">The filter exceeds a limit.</exception>
    public static FilterPredicate<T> Compile<T>(object? coercedWhere)
    {
        FilterNode filter = coercedWhere switch
        {
            null => new AllOf([]),
            FilterNode node => node,
            _ => throw new ArgumentException("This is not a value of a filter input.", nameof(coercedWhere)),
        };
        FilterBounds.Check(filter);
        return new FilterPredicate<T>(filter);
    }
}
