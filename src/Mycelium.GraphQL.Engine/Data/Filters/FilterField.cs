using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A field of a filter input, which turns what was given for it into a condition on its property.</summary>
/// <param name="Convert">From the scalar's runtime value to the property's type; null when they are one.</param>
internal sealed record FilterField(MemberAccess Member, MemberAccess? Item, Func<object?, object?>? Convert)
{
    /// <exception cref="CoercionException">The value cannot be compared with the property.</exception>
    public FilterNode Bind(object? given)
    {
        FilterNode condition = given switch
        {
            null => throw new CoercionException("null is no filter; `{ eq: null }` asks for no value."),
            Operations operations => Bind(operations, Member.Type),
            ListOperations list => Bind(list, Item!),
            FilterNode nested => nested,
            _ => throw new CoercionException("a filter is expected."),
        };
        return new OfMember(Member, condition);
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

    private FilterNode Bind(Operation given, Type type)
    {
        object? operand = (given.Operator.Operator, given.Value) switch
        {
            (FilterOperator.In, object?[] values) => InOperand.Of(type, [.. values.Select(Converted)]),
            (FilterOperator.In, _) => throw new CoercionException($"`{given.Operator.Name}` takes a list; null in it asks for no value."),
            (_, null) when !given.Operator.TakesNull =>
                throw new CoercionException($"`{given.Operator.Name}` takes a value; `{{ eq: null }}` asks for no value."),
            var (_, value) => Converted(value),
        };
        FilterNode compare = new Compare(given.Operator.Operator, operand);
        return given.Operator.IsOpposite ? new Not(compare) : compare;
    }

    private AllOf Bind(ListOperations list, MemberAccess item) => new([.. list.Given.Select(given => given.Quantifier switch
    {
        Quantifier.Any => (bool)given.Value! ? (FilterNode)new HasItem(item, null) : new Not(new HasItem(item, null)),
        Quantifier.Some => new HasItem(item, OfItem(given.Value, item)),
        Quantifier.None => new Not(new HasItem(item, OfItem(given.Value, item))),
        _ => new Not(new HasItem(item, new Not(OfItem(given.Value, item)))),
    })]);

    private FilterNode OfItem(object? given, MemberAccess item) => given switch
    {
        Operations operations => Bind(operations, item.Type),
        FilterNode nested => nested,
        _ => throw new CoercionException("null is no filter."),
    };

    private object? Converted(object? value)
    {
        object? converted = value is null || Convert is null ? value : Convert(value);
        return converted switch
        {
            null => null,
            string text => Storable.Text(text),
            DateTimeOffset instant => instant.ToUniversalTime(), // PostgreSQL's driver takes instants in UTC alone.
            _ => converted,
        };
    }
}

/// <summary>What was given for the operators of one value, in the scalar's runtime type.</summary>
internal sealed record Operations(IReadOnlyList<Operation> Given)
{
    public Operations[]? All { get; init; }
    public Operations[]? Any { get; init; }
}

/// <inheritdoc cref="Operations"/>
internal readonly record struct Operation(NamedOperator Operator, object? Value);

/// <summary>What was given for a list.</summary>
internal sealed record ListOperations(IReadOnlyList<ListOperation> Given);

/// <inheritdoc cref="ListOperations"/>
internal readonly record struct ListOperation(Quantifier Quantifier, object? Value);

internal enum Quantifier { All, None, Some, Any }
