using System.Linq.Expressions;
using System.Reflection;
using Mycelium.GraphQL.Engine.Relay;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Comparisons that a store translates to its own operators (it looks at the kind of an expression, not at its method), for types that have no such
/// operators in C#: text, enums, booleans. In memory they sort as PostgreSQL does: text by code point, enums by name since they are stored as text.
/// </summary>
internal static class StoreOrder
{
    public static BinaryExpression Binary(ExpressionType kind, Expression left, Expression right)
    {
        string name = kind switch
        {
            ExpressionType.GreaterThan => nameof(IsGreater),
            ExpressionType.GreaterThanOrEqual => nameof(IsGreaterOrEqual),
            ExpressionType.LessThan => nameof(IsLess),
            ExpressionType.LessThanOrEqual => nameof(IsLessOrEqual),
            _ => nameof(IsEqual),
        };
        MethodInfo method = typeof(StoreOrder).GetMethod(name, BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(left.Type);
        return Expression.MakeBinary(kind, left, right, liftToNull: false, method);
    }

    /// <summary>An <see cref="IComparer{T}"/> of a type, for ordering in memory.</summary>
    public static ConstantExpression ComparerOf(Type type)
    {
        object comparer = typeof(StoreOrder<>).MakeGenericType(type).GetProperty(nameof(StoreOrder<int>.Comparer))!.GetValue(null)!;
        return Expression.Constant(comparer, typeof(IComparer<>).MakeGenericType(type));
    }

    private static bool IsEqual<T>(T left, T right) => EqualityComparer<T>.Default.Equals(left, right);
    private static bool IsGreater<T>(T left, T right) => StoreOrder<T>.Comparer.Compare(left, right) > 0;
    private static bool IsGreaterOrEqual<T>(T left, T right) => StoreOrder<T>.Comparer.Compare(left, right) >= 0;
    private static bool IsLess<T>(T left, T right) => StoreOrder<T>.Comparer.Compare(left, right) < 0;
    private static bool IsLessOrEqual<T>(T left, T right) => StoreOrder<T>.Comparer.Compare(left, right) <= 0;
}

/// <inheritdoc cref="StoreOrder"/>
internal sealed class StoreOrder<T> : IComparer<T>
{
    private static readonly Comparison<T> Values = Choose();

    public static StoreOrder<T> Comparer { get; } = new();

    /// <summary>Null is greater than every value, as in PostgreSQL.</summary>
    public int Compare(T? x, T? y) => (x, y) switch
    {
        (null, null) => 0,
        (null, _) => 1,
        (_, null) => -1,
        _ => Values(x, y),
    };

    private static Comparison<T> Choose()
    {
        Type type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (type == typeof(string))
            return (left, right) => CodePoints.Compare((string)(object)left!, (string)(object)right!);
        if (type.IsEnum)
            return (left, right) => string.CompareOrdinal(left!.ToString(), right!.ToString());
        bool hasOrder = typeof(IComparable).IsAssignableFrom(type) || typeof(IComparable<>).MakeGenericType(type).IsAssignableFrom(type);
        return !hasOrder && ValueWrapper.Of(type) is { } wrapper
            ? (left, right) => System.Collections.Comparer.Default.Compare(wrapper.Unwrap(left!), wrapper.Unwrap(right!))
            : Comparer<T>.Default.Compare;
    }
}

file static class CodePoints
{
    /// <summary>Compares as UTF-8 bytes do: surrogates stand for the highest code points, but are not the highest code units in UTF-16.</summary>
    public static int Compare(string left, string right)
    {
        int i = left.AsSpan().CommonPrefixLength(right);
        if (i == left.Length || i == right.Length)
            return left.Length.CompareTo(right.Length);
        return Rank(left[i]).CompareTo(Rank(right[i]));
    }

    private static int Rank(char unit) => char.IsSurrogate(unit) ? unit + 0x10000 : unit;
}
