using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// Adapts a filter to the precision of the store. PostgreSQL stores time in microseconds, .NET in tenths of that. The driver would truncate an
/// operand in between, so such an operand is treated as lying between two stored instants.
/// </summary>
internal static class StoredFilter
{
    public static FilterNode Of(FilterNode filter) => filter switch
    {
        AllOf all => new AllOf([.. all.Conditions.Select(Of)]),
        AnyOf any => new AnyOf([.. any.Conditions.Select(Of)]),
        Not not => PlacedOperand.Opposite(Of(not.Condition)),
        MemberHolds member => member with { Condition = Of(member.Condition) },
        HasItem { Condition: { } condition } list => list with { Condition = Of(condition) },
        Compare { Operand: InOperand { Values: DateTimeOffset[] or DateTime[] } list } =>
            PlacedOperand.In(
                [.. list.Values.Cast<object?>().Select(Stored), .. list.HasNull ? (object?[])[null] : []], list.Values.GetType().GetElementType()!),
        Compare { Operand: DateTimeOffset or DateTime } compare => PlacedOperand.Compare(compare.Operator, Stored(compare.Operand), compare.Operand.GetType()),
        _ => filter,
    };

    private static object? Stored(object? operand) => operand switch
    {
        DateTimeOffset instant when Rest(instant.Ticks) is > 0 and var rest => new InexactOperand(instant.AddTicks(-rest)),
        DateTime instant when Rest(instant.Ticks) is > 0 and var rest => new InexactOperand(instant.AddTicks(-rest)),
        _ => operand,
    };

    private static long Rest(long ticks) => ticks % TimeSpan.TicksPerMicrosecond;
}
