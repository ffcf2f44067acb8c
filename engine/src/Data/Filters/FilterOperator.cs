namespace Mycelium.GraphQL.Engine.Data;

/// <summary>How one value is compared. The operators that start with <c>n</c> are the opposites of these, null included.</summary>
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

/// <summary>An operator as the schema names it.</summary>
/// <param name="IsOpposite">True for <c>neq</c>, <c>ngt</c> and their like.</param>
internal sealed record NamedOperator(string Name, FilterOperator Operator, bool IsOpposite, string Description)
{
    private static readonly NamedOperator[] Equality =
    [
        new("eq", FilterOperator.Equal, false, "Is this value; null asks for no value."),
        new("neq", FilterOperator.Equal, true, "Is another value, or none; null asks for any value."),
        new("in", FilterOperator.In, false, "Is one of these; null among them asks for no value too."),
        new("nin", FilterOperator.In, true, "Is none of these."),
    ];

    private static readonly NamedOperator[] Comparison =
    [
        .. Both("gt", FilterOperator.Greater, "Is greater"),
        .. Both("gte", FilterOperator.GreaterOrEqual, "Is greater or equal"),
        .. Both("lt", FilterOperator.Less, "Is less"),
        .. Both("lte", FilterOperator.LessOrEqual, "Is less or equal"),
    ];

    private static readonly NamedOperator[] Text =
    [
        .. Both("contains", FilterOperator.Contains, "Contains this text"),
        .. Both("startsWith", FilterOperator.StartsWith, "Starts with this text"),
        .. Both("endsWith", FilterOperator.EndsWith, "Ends with this text"),
        new("ieq", FilterOperator.EqualIgnoreCase, false, "Is this text, in whichever case; null asks for no value."),
        new("icontains", FilterOperator.ContainsIgnoreCase, false, "Contains this text, in whichever case."),
        new("istartsWith", FilterOperator.StartsWithIgnoreCase, false, "Starts with this text, in whichever case."),
        new("iendsWith", FilterOperator.EndsWithIgnoreCase, false, "Ends with this text, in whichever case."),
    ];

    public static IReadOnlyList<NamedOperator> OfBooleans { get; } = [Equality[0], Equality[1]];
    public static IReadOnlyList<NamedOperator> OfIds { get; } = Equality;
    public static IReadOnlyList<NamedOperator> OfComparables { get; } = [.. Equality, .. Comparison];
    public static IReadOnlyList<NamedOperator> OfText { get; } = [.. Equality, .. Text];

    /// <summary>Null is a value to ask for; elsewhere it has no meaning and is refused.</summary>
    public bool TakesNull => Operator is FilterOperator.Equal or FilterOperator.EqualIgnoreCase;

    private static NamedOperator[] Both(string name, FilterOperator filter, string description) =>
    [
        new(name, filter, false, $"{description}; no value never is."),
        new($"n{name}", filter, true, $"The opposite of `{name}`: no value passes."),
    ];
}
