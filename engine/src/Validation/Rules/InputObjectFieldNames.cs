using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Input-Object-Field-Names"/></summary>
internal sealed class InputObjectFieldNames(RuleContext context) : InputObjectRule(context)
{
    public override string Section => "sec-Input-Object-Field-Names";

    protected override void Object(ObjectValueNode value, InputObjectType type)
    {
        foreach (ObjectFieldNode field in value.Fields)
        {
            if (type.Fields.Find(field.Name) is null)
                Report($"Type \"{type}\" has no field \"{field.Name}\".{Context.Suggest(field.Name, () => type.Fields.Select(known => known.Name))}", field);
        }
    }
}
