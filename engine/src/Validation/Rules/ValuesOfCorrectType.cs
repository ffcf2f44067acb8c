using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#sec-Values-of-Correct-Type"/>, and what
/// <see href="https://spec.graphql.org/September2025/#sec-OneOf-Input-Objects"/> says about values.
/// </summary>
/// <remarks>Unknown and missing fields of an input object are separate rules.</remarks>
internal sealed class ValuesOfCorrectType(RuleContext context) : ValidationRule(context)
{
    private const int ShownLengthMax = 64;

    public override string Section => "sec-Values-of-Correct-Type";

    public override void Value(ValueNode value, GraphQLType? type) => Value(value, type, Context.Place, isOperand: false);

    private void Value(ValueNode value, GraphQLType? type, string place, bool isOperand)
    {
        if (type is null || value is VariableNode)
            return;
        if (value is NullValueNode)
        {
            if (type.IsNonNull)
                Report($"Expected a value of type \"{type}\", found null.", value);
            return;
        }
        switch (type.Nullable)
        {
            case ListType list when value is ListValueNode items:
                foreach (ValueNode item in items.Items)
                    Value(item, list.Of, place, isOperand);
                break;
            case ListType list: // A single value stands for a list of one.
                Value(value, list.Of, place, isOperand);
                break;
            case InputObjectType input:
                CheckObject(value, input, place);
                break;
            case EnumType enumType:
                CheckEnum(value, enumType);
                break;
            case ScalarType scalar:
                CheckScalar(value, scalar, isOperand);
                break;
        }
    }

    private void CheckObject(ValueNode value, InputObjectType type, string place)
    {
        if (value is not ObjectValueNode given)
        {
            Report($"Expected an object of type \"{type}\", found {Show(value)}.", value);
            return;
        }
        foreach (ObjectFieldNode field in given.Fields)
        {
            InputValueDefinition? definition = type.Fields.Find(field.Name);
            Value(field.Value, definition?.Type, field.Name, definition is { IsOperand: true });
        }
        if (!type.IsOneOf)
            return;
        ObjectFieldNode[] known = [.. given.Fields.Where(field => type.Fields.Find(field.Name) is not null)];
        if (known.Length != 1 || known[0].Value is NullValueNode)
            Report($"`{place}` needs exactly one {(Context.Options.HasSuggestions ? $"of {type.Alternatives}" : "field")}.", value);
    }

    private void CheckEnum(ValueNode value, EnumType type)
    {
        if (value is EnumValueNode name && type.Values.Any(known => known.Name == name.Value))
            return;
        string wrong = value is EnumValueNode or StringValueNode ? Text(value) : "";
        if (value is StringValueNode && type.Values.Any(known => known.Name == wrong))
        {
            Report($"Expected a value of the enum \"{type}\", found a string. Write {wrong} without quotes.", value);
            return;
        }
        string suggestion = Context.Suggest(wrong, () => type.Values.Select(known => known.Name));
        if (suggestion.Length > 0 && value is StringValueNode)
            suggestion += " Write it without quotes.";
        Report($"Expected a value of the enum \"{type}\", found {Show(value)}.{suggestion}", value);
    }

    private void CheckScalar(ValueNode value, ScalarType type, bool isOperand)
    {
        if (HoldsVariable(value))
            return; // Inside a scalar's own lists and objects, only execution knows the value of a variable.
        try
        {
            _ = isOperand ? type.ParseOperand(value) : type.ParseLiteral(value);
        }
        catch (CoercionException refusal)
        {
            Report(refusal.Message, value);
        }
    }

    private static bool HoldsVariable(ValueNode value) => value switch
    {
        VariableNode => true,
        ListValueNode list => list.Items.Any(HoldsVariable),
        ObjectValueNode fields => fields.Fields.Any(field => HoldsVariable(field.Value)),
        _ => false,
    };

    private static string Text(ValueNode value) => value is EnumValueNode name ? name.Value : ((StringValueNode)value).Value;

    private static string Show(ValueNode value)
    {
        string text = value.ToString();
        return text.Length <= ShownLengthMax ? text : $"{text.AsSpan(0, ShownLengthMax)}…";
    }
}
