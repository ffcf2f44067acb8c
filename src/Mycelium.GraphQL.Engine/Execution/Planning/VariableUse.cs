using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Execution;

internal static class VariableUse
{
    /// <summary>Whether a variable stands anywhere in the literal; its depth is bounded by the parser.</summary>
    public static bool IsIn(ValueNode value) => value switch
    {
        VariableNode => true,
        ListValueNode list => list.Items.Any(IsIn),
        ObjectValueNode map => map.Fields.Any(field => IsIn(field.Value)),
        _ => false,
    };
}
