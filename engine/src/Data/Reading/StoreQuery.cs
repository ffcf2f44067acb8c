using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>What is asked of a list, in terms of properties alone: for readers that speak the store's own language.</summary>
/// <param name="Source">The list before all that follows; null for all items of the type that the store has.</param>
public sealed record StoreQuery<T>(IQueryable<T>? Source)
{
    /// <summary>What the whole list is filtered by; null when it is not.</summary>
    public StoreCondition? Filter { get; init; }

    /// <summary>Where in the filtered list the page begins and ends; null at its start or end.</summary>
    public StoreCondition? Bounds { get; init; }

    /// <summary>The order by rank. Null is greater than every value, as PostgreSQL has it.</summary>
    public IReadOnlyList<StoreKey> Order { get; init; } = [];

    /// <summary>So many items at most, of each list; null for all.</summary>
    public int? Take { get; init; }

    /// <summary>The properties that are read; null for whole items.</summary>
    public StoreMembers? Members { get; init; }

    /// <summary>Whether the filtered list is counted.</summary>
    public bool HasTotalCount { get; init; }

    /// <summary>Set where many lists are read together.</summary>
    public StoreKeys? Keys { get; init; }
}

/// <summary>A value of an item: a property, or a property of an object below it when there are several.</summary>
/// <param name="Members">From the item to the value.</param>
/// <param name="IsNullable">The value, or an object on the way, may be missing.</param>
public sealed record StorePath(IReadOnlyList<PropertyInfo> Members, bool IsNullable)
{
    /// <summary>The type of the value without <see cref="Nullable{T}"/>.</summary>
    public Type Type { get; } = Nullable.GetUnderlyingType(Members[^1].PropertyType) ?? Members[^1].PropertyType;
}

/// <summary>One key of an order.</summary>
public sealed record StoreKey(StorePath Path, bool IsDescending);

/// <summary>The lists that are read together: each holds the items of which the property has one of the values.</summary>
public sealed record StoreKeys(PropertyInfo Member, Array Values)
{
    /// <summary>There is one list after all.</summary>
    public bool IsSingle => Values.Length == 1;
}
