using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Execution;

internal static class VariableUse
{
    /// <summary>Whether a variable appears anywhere in the literal; the parser bounds its depth.</summary>
    public static bool IsIn(ValueNode value) => value switch
    {
        VariableNode => true,
        ListValueNode list => list.Items.Any(IsIn),
        ObjectValueNode map => map.Fields.Any(field => IsIn(field.Value)),
        _ => false,
    };

    /// <summary>Adds the names of all variables in the literal.</summary>
    public static void AddTo(ISet<string> names, ValueNode value)
    {
        switch (value)
        {
            case VariableNode variable:
                names.Add(variable.Name);
                break;
            case ListValueNode list:
                foreach (ValueNode item in list.Items)
                    AddTo(names, item);
                break;
            case ObjectValueNode map:
                foreach (ObjectFieldNode field in map.Fields)
                    AddTo(names, field.Value);
                break;
        }
    }
}
