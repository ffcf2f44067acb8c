using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The order that a resolver gave its query.</summary>
internal static class QueryOrder
{
    /// <summary>Takes the ordering calls off the end of a query and returns their keys by rank.</summary>
    public static (IQueryable<T> Unordered, List<OrderKey> Keys) Split<T>(IQueryable<T> query)
    {
        var keys = new List<OrderKey>();
        Expression at = query.Expression;
        bool isComplete = false;
        while (!isComplete && at is MethodCallExpression { Arguments: [var inner, UnaryExpression { Operand: LambdaExpression selector }] } call
            && call.Method.DeclaringType == typeof(Queryable) && IsOrdering(call.Method.Name))
        {
            keys.Add(OrderKey.Of(selector, call.Method.Name.EndsWith("Descending", StringComparison.Ordinal)));
            isComplete = call.Method.Name.StartsWith("OrderBy", StringComparison.Ordinal);
            at = inner;
        }
        if (keys.Count == 0)
            return (query, keys);
        keys.Reverse();
        return (query.Provider.CreateQuery<T>(at), keys);
    }

    /// <summary>The query ends with an order of its own.</summary>
    public static bool IsOrdered<T>(IQueryable<T> query) =>
        query.Expression is MethodCallExpression call && call.Method.DeclaringType == typeof(Queryable) && IsOrdering(call.Method.Name);

    private static bool IsOrdering(string method) =>
        method is nameof(Queryable.OrderBy) or nameof(Queryable.OrderByDescending) or nameof(Queryable.ThenBy) or nameof(Queryable.ThenByDescending);
}
