using System.Reflection;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>A condition of a <c>where</c>, bound to the properties it reads. Knows nothing of where the items are.</summary>
internal abstract record FilterNode;

/// <summary>All hold; with none, it holds.</summary>
internal sealed record AllOf(IReadOnlyList<FilterNode> Conditions) : FilterNode;

/// <summary>At least one holds; with none, it does not.</summary>
internal sealed record AnyOf(IReadOnlyList<FilterNode> Conditions) : FilterNode;

internal sealed record Not(FilterNode Condition) : FilterNode;

/// <summary>The condition holds for what the property has, be it an object, a list or a value.</summary>
internal sealed record MemberHolds(MemberAccess Member, FilterNode Condition) : FilterNode;

/// <summary>Compares the value at hand. <paramref name="Operand"/> is of the value's own type; a list of values for <see cref="FilterOperator.In"/>.</summary>
internal sealed record Compare(FilterOperator Operator, object? Operand) : FilterNode;

/// <summary>The list at hand has an item for which the condition holds; with no condition, any item.</summary>
internal sealed record HasItem(MemberAccess Item, FilterNode? Condition) : FilterNode;

/// <summary>A property, or the items of a list, with what is known of its nulls.</summary>
/// <param name="Property">Null for the items of a list.</param>
/// <param name="Type">Without <see cref="Nullable{T}"/>.</param>
/// <param name="IsNullable">As the schema shows it.</param>
internal sealed record MemberAccess(PropertyInfo? Property, Type Type, bool IsNullable);
