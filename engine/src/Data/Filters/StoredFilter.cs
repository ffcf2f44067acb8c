using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Data;

/// <summary>
/// A filter on what a store holds. PostgreSQL counts time in microseconds, and .NET in tenths of these: its driver would cut an operand in between, and the stored
/// instants are compared with that as with what lies between two of them.
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
            PlacedOperand.In([.. list.Values.Cast<object?>().Select(Stored), .. list.HasNull ? (object?[])[null] : []], list.Values.GetType().GetElementType()!),
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
