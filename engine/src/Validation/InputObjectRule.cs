using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>A rule about the fields of input objects, anywhere in a value.</summary>
internal abstract class InputObjectRule(RuleContext context) : ValidationRule(context)
{
    public sealed override void Value(ValueNode value, GraphQLType? type)
    {
        switch (value)
        {
            case ListValueNode list when type?.Nullable is ListType listType:
                foreach (ValueNode item in list.Items)
                    Value(item, listType.Of);
                break;
            case ObjectValueNode fields when type?.Named is InputObjectType inputType: // A single object may stand for a list of one.
                Object(fields, inputType);
                foreach (ObjectFieldNode field in fields.Fields)
                    Value(field.Value, inputType.Fields.Find(field.Name)?.Type);
                break;
        }
    }

    protected abstract void Object(ObjectValueNode value, InputObjectType type);
}
