using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A condition of a <c>where</c>, bound to the properties it reads. It does not know where the items are stored.</summary>
internal abstract record FilterNode;

/// <summary>True when all are; true when empty.</summary>
internal sealed record AllOf(IReadOnlyList<FilterNode> Conditions) : FilterNode;

/// <summary>True when at least one is; false when empty.</summary>
internal sealed record AnyOf(IReadOnlyList<FilterNode> Conditions) : FilterNode;

internal sealed record Not(FilterNode Condition) : FilterNode;

/// <summary>The condition is true of the property's value: an object, a list or a scalar.</summary>
internal sealed record MemberHolds(MemberAccess Member, FilterNode Condition) : FilterNode;

/// <summary>
/// Compares the current value. <paramref name="Operand"/> has the value's type, or is a list of values for <see cref="FilterOperator.In"/>.
/// </summary>
internal sealed record Compare(FilterOperator Operator, object? Operand) : FilterNode;

/// <summary>The current list has an item for which the condition is true; without a condition, any item.</summary>
internal sealed record HasItem(MemberAccess Item, FilterNode? Condition) : FilterNode;

/// <summary>A property, or the items of a list, and whether it can be null.</summary>
/// <param name="Property">Null for the items of a list.</param>
/// <param name="Type">Without <see cref="Nullable{T}"/>.</param>
/// <param name="IsNullable">As in the schema.</param>
internal sealed record MemberAccess(PropertyInfo? Property, Type Type, bool IsNullable);
