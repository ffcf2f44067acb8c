using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Input-Object-Required-Fields"/></summary>
internal sealed class InputObjectRequiredFields(RuleContext context) : InputObjectRule(context)
{
    public override string Section => "sec-Input-Object-Required-Fields";

    protected override void Object(ObjectValueNode value, InputObjectType type)
    {
        HashSet<string> given = [.. value.Fields.Select(field => field.Name)];
        foreach (InputValueDefinition definition in type.Fields)
        {
            if (definition.IsRequired && !given.Contains(definition.Name))
                Report($"\"{type}\" requires the field \"{definition.Name}\" of type \"{definition.Type}\".", value);
        }
    }
}
