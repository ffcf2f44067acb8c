using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>The query of a list, in terms of properties alone: for readers that write the store's own language.</summary>
/// <param name="Source">The list before filter and order; null for all items of the type in the store.</param>
public sealed record StoreQuery<T>(IQueryable<T>? Source)
{
    /// <summary>The filter of the whole list; null for none.</summary>
    public StoreCondition? Filter { get; init; }

    /// <summary>Where the page starts and ends in the filtered list; null at its start or end.</summary>
    public StoreCondition? Bounds { get; init; }

    /// <summary>The sort keys by rank. Null is greater than every value, as in PostgreSQL.</summary>
    public IReadOnlyList<StoreKey> Order { get; init; } = [];

    /// <summary>The maximum number of items in each list; null for all.</summary>
    public int? Take { get; init; }

    /// <summary>The properties that are read; null for whole items.</summary>
    public StoreMembers? Members { get; init; }

    /// <summary>Whether the filtered list is counted.</summary>
    public bool HasTotalCount { get; init; }

    /// <summary>Set where many lists are read together.</summary>
    public StoreKeys? Keys { get; init; }
}

/// <summary>A value of an item: a property, or a property of an object below it when there are several members.</summary>
/// <param name="Members">From the item to the value.</param>
/// <param name="IsNullable">The value, or an object on the way, may be missing.</param>
public sealed record StorePath(IReadOnlyList<PropertyInfo> Members, bool IsNullable)
{
    /// <summary>The type of the value without <see cref="Nullable{T}"/>.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(Members[^1].PropertyType) ?? Members[^1].PropertyType;
}

/// <summary>One sort key.</summary>
public sealed record StoreKey(StorePath Path, bool IsDescending);

/// <summary>The lists that are read together: each holds the items whose property has one of the values.</summary>
public sealed record StoreKeys(PropertyInfo Member, Array Values)
{
    /// <summary>There is only one list.</summary>
    public bool IsSingle => Values.Length == 1;
}
