using System.Linq.Expressions;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A condition that every item matching a filter meets: the value at a path is one of these.</summary>
internal sealed record FilterEquality(FilterPath Path, IReadOnlySet<object?> Values)
{
    /// <summary>All such conditions of the filter. <c>not</c> implies none; <c>or</c> implies what all of its branches imply.</summary>
    public static IReadOnlyList<FilterEquality> Of(FilterNode filter) => [.. Of(filter, FilterPath.Item)];

    private static IEnumerable<FilterEquality> Of(FilterNode node, FilterPath path) => node switch
    {
        AllOf all => all.Conditions.SelectMany(condition => Of(condition, path)),
        AnyOf any => OfEach(any, path),
        MemberHolds member => Of(member.Condition, path.Then(member.Member)),
        Compare { Operator: FilterOperator.Equal } compare => [new(path, new HashSet<object?> { compare.Operand })],
        Compare { Operand: InOperand operand } => [new(path, ValuesOf(operand))],
        _ => [],
    };

    /// <summary>A path that every branch constrains is constrained to the union of their values.</summary>
    private static IEnumerable<FilterEquality> OfEach(AnyOf any, FilterPath path)
    {
        FilterEquality[][] branches = [.. any.Conditions.Select(condition => Of(condition, path).ToArray())];
        if (branches.Length == 0)
            yield break;
        foreach (FilterEquality first in branches[0])
        {
            FilterEquality?[] others = [.. branches.Skip(1).Select(branch => Array.Find(branch, other => other.Path.Equals(first.Path)))];
            if (Array.TrueForAll(others, other => other is not null))
                yield return new(first.Path, others.Aggregate(first.Values.ToHashSet(), (values, other) => [.. values, .. other!.Values]));
        }
    }

    private static HashSet<object?> ValuesOf(InOperand operand)
    {
        HashSet<object?> values = [.. operand.Values.Cast<object?>()];
        if (operand.HasNull)
            values.Add(null);
        return values;
    }
}

/// <summary>The properties from the item down to a value. Two paths are equal when their properties are.</summary>
internal sealed class FilterPath : IEquatable<FilterPath>
{
    private readonly MemberAccess[] members;

    private FilterPath(MemberAccess[] members) => this.members = members;

    /// <summary>The item itself.</summary>
    public static FilterPath Item { get; } = new([]);

    public FilterPath Then(MemberAccess member) => new([.. members, member]);

    /// <summary>Reads the value from an item; null when it or an object on the way is missing.</summary>
    public Func<T, object?> Reader<T>()
    {
        ParameterExpression item = Expression.Parameter(typeof(T), "item");
        ValueExpression value = members.Aggregate(new ValueExpression(item, false), (owner, member) => owner.Read(member, ItemSource.Memory));
        return Expression.Lambda<Func<T, object?>>(Expression.Convert(value.Expression, typeof(object)), item).Compile();
    }

    public bool Equals(FilterPath? other) =>
        other is not null && members.Select(member => member.Property).SequenceEqual(other.members.Select(member => member.Property));

    public override bool Equals(object? obj) => Equals(obj as FilterPath);

    public override int GetHashCode() => members.Aggregate(members.Length, (code, member) => HashCode.Combine(code, member.Property));

    public override string ToString() => string.Join('.', members.Select(member => member.Property?.Name));
}
