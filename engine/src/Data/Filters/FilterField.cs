using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A field of a filter input. It turns the given value into a condition on its property.</summary>
/// <param name="Convert">
/// Converts the scalar's runtime value to the property's type, or to its place between values of that type; null when no conversion is needed.
/// </param>
internal sealed record FilterField(MemberAccess Member, MemberAccess? Item, Func<object?, object?>? Convert)
{
    /// <exception cref="CoercionException">The value cannot be compared with the property.</exception>
    public FilterNode Bind(object? given)
    {
        FilterNode condition = given switch
        {
            null => throw new CoercionException("null is not a filter; write `{ eq: null }` to match null."),
            Operations operations => Bind(operations, Member.Type),
            ListOperations list => Bind(list, Item!),
            FilterNode nested => nested,
            _ => throw new CoercionException("this is not a filter."),
        };
        return new MemberHolds(Member, condition);
    }

    private AllOf Bind(Operations operations, Type type)
    {
        List<FilterNode> conditions = [.. operations.Given.Select(given => Bind(given, type))];
        if (operations.All is { } all)
            conditions.AddRange(all.Select(given => Bind(given, type)));
        if (operations.Any is { } any)
            conditions.Add(new AnyOf([.. any.Select(given => Bind(given, type))]));
        return new AllOf(conditions);
    }

    private FilterNode Bind(ValueOperation given, Type type)
    {
        FilterNode compare = (given.Operator.Operator, given.Value) switch
        {
            (FilterOperator.In, object?[] values) => PlacedOperand.In(values.Select(Converted), type),
            (FilterOperator.In, _) => throw new CoercionException($"`{given.Operator.Name}` needs a list; put null into the list to match null."),
            (_, null) when !given.Operator.TakesNull =>
                throw new CoercionException($"`{given.Operator.Name}` needs a value; write `{{ eq: null }}` to match null."),
            var (compared, value) => PlacedOperand.Compare(compared, Converted(value), type),
        };
        return given.Operator.IsOpposite ? PlacedOperand.Opposite(compare) : compare;
    }

    private AllOf Bind(ListOperations list, MemberAccess item) => new([.. list.Given.Select(given => given.Quantifier switch
    {
        Quantifier.Any when given.Value is bool hasItems => hasItems ? (FilterNode)new HasItem(item, null) : new Not(new HasItem(item, null)),
        Quantifier.Any => throw new CoercionException("`any` must be true or false."),
        Quantifier.Some => new HasItem(item, OfItem(given.Value, item)),
        Quantifier.None => new Not(new HasItem(item, OfItem(given.Value, item))),
        _ => new Not(new HasItem(item, new Not(OfItem(given.Value, item)))),
    })]);

    private FilterNode OfItem(object? given, MemberAccess item) => given switch
    {
        Operations operations => Bind(operations, item.Type),
        FilterNode nested => nested,
        _ => throw new CoercionException("null is not a filter."),
    };

    /// <summary>Converts to a value of the property, or to its place between such values.</summary>
    private object? Converted(object? value)
    {
        if (value is InexactOperand inexact)
            return Converted(inexact.Floor) is var floor && floor is InexactOperand ? floor : new InexactOperand(floor);
        object? converted = value is null || Convert is null ? value : Convert(value);
        return converted switch
        {
            null => null,
            string text => Storable.Text(text),
            DateTimeOffset instant => instant.ToUniversalTime(), // PostgreSQL's driver only accepts instants in UTC.
            _ => converted,
        };
    }
}

/// <summary>The operators given for one value, with operands in the scalar's runtime type.</summary>
internal sealed record Operations(IReadOnlyList<ValueOperation> Given)
{
    public Operations[]? All { get; init; }
    public Operations[]? Any { get; init; }
}

/// <inheritdoc cref="Operations"/>
internal readonly record struct ValueOperation(NamedOperator Operator, object? Value);

/// <summary>The operators given for a list.</summary>
internal sealed record ListOperations(IReadOnlyList<ListOperation> Given);

/// <inheritdoc cref="ListOperations"/>
internal readonly record struct ListOperation(Quantifier Quantifier, object? Value);

internal enum Quantifier { All, None, Some, Any }
