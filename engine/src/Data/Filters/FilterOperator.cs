namespace Mycelium.GraphQL.Engine.Data;

/// <summary>How a value is compared. The operators that start with <c>n</c> are the exact opposites, so they match null.</summary>
public enum FilterOperator
{
    Equal,
    In,
    Greater,
    GreaterOrEqual,
    Less,
    LessOrEqual,
    Contains,
    StartsWith,
    EndsWith,
    EqualIgnoreCase,
    ContainsIgnoreCase,
    StartsWithIgnoreCase,
    EndsWithIgnoreCase,
}

/// <summary>An operator with its name in the schema.</summary>
/// <param name="IsOpposite">True for <c>neq</c>, <c>ngt</c> and similar operators.</param>
internal sealed record NamedOperator(string Name, FilterOperator Operator, bool IsOpposite, string Description)
{
    private static readonly NamedOperator[] Equality =
    [
        new("eq", FilterOperator.Equal, false, "Equal to this value. `null` matches rows where the field is null."),
        new("neq", FilterOperator.Equal, true, "Not equal to this value; rows where the field is null match. `null` matches rows where the field is not null."),
        new("in", FilterOperator.In, false, "Equal to one of these values. `null` in the list matches rows where the field is null."),
        new("nin", FilterOperator.In, true, "Not equal to any of these values; rows where the field is null match, unless `null` is in the list."),
    ];

    private static readonly NamedOperator[] Comparison =
    [
        .. Both("gt", FilterOperator.Greater, "Greater than this value", "Not greater than this value"),
        .. Both("gte", FilterOperator.GreaterOrEqual, "Greater than or equal to this value", "Not greater than or equal to this value"),
        .. Both("lt", FilterOperator.Less, "Less than this value", "Not less than this value"),
        .. Both("lte", FilterOperator.LessOrEqual, "Less than or equal to this value", "Not less than or equal to this value"),
    ];

    private static readonly NamedOperator[] Text =
    [
        .. Both("contains", FilterOperator.Contains, "Contains this text", "Does not contain this text"),
        .. Both("startsWith", FilterOperator.StartsWith, "Starts with this text", "Does not start with this text"),
        .. Both("endsWith", FilterOperator.EndsWith, "Ends with this text", "Does not end with this text"),
        new("ieq", FilterOperator.EqualIgnoreCase, false, "Equal to this text, ignoring case. `null` matches rows where the field is null."),
        new("icontains", FilterOperator.ContainsIgnoreCase, false, "Contains this text, ignoring case. Never matches null."),
        new("istartsWith", FilterOperator.StartsWithIgnoreCase, false, "Starts with this text, ignoring case. Never matches null."),
        new("iendsWith", FilterOperator.EndsWithIgnoreCase, false, "Ends with this text, ignoring case. Never matches null."),
    ];

    public static IReadOnlyList<NamedOperator> OfBooleans { get; } = [Equality[0], Equality[1]];
    public static IReadOnlyList<NamedOperator> OfIds { get; } = Equality;
    public static IReadOnlyList<NamedOperator> OfComparables { get; } = [.. Equality, .. Comparison];
    public static IReadOnlyList<NamedOperator> OfText { get; } = [.. Equality, .. Text];

    /// <summary>Null is a value to look for; for other operators it has no meaning and is refused.</summary>
    public bool TakesNull => Operator is FilterOperator.Equal or FilterOperator.EqualIgnoreCase;

    private static NamedOperator[] Both(string name, FilterOperator filter, string description, string opposite) =>
    [
        new(name, filter, false, $"{description}. Never matches null."),
        new($"n{name}", filter, true, $"{opposite}; rows where the field is null match."),
    ];
}
