using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Input-Object-Field-Uniqueness"/></summary>
internal sealed class InputObjectFieldUniqueness(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Input-Object-Field-Uniqueness";

    public override void Value(ValueNode value, GraphQLType? type) => Check(value);

    private void Check(ValueNode value)
    {
        if (value is ListValueNode list)
        {
            foreach (ValueNode item in list.Items)
                Check(item);
        }
        else if (value is ObjectValueNode fields)
        {
            var firsts = new Dictionary<string, ObjectFieldNode>(fields.Fields.Count, StringComparer.Ordinal);
            foreach (ObjectFieldNode field in fields.Fields)
            {
                if (!firsts.TryAdd(field.Name, field))
                    Report($"There can be only one input field named \"{field.Name}\".", firsts[field.Name], field);
                Check(field.Value);
            }
        }
    }
}
