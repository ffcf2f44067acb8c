using System.Globalization;
using System.Text;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Validation.Merging;

/// <summary>Writes arguments so that equal ones have equal texts: the order of arguments and of input fields has no meaning.</summary>
internal static class CanonicalArguments
{
    public static string Of(IReadOnlyList<ArgumentNode> arguments)
    {
        if (arguments.Count == 0)
            return "";
        var text = new StringBuilder();
        foreach (ArgumentNode argument in arguments.OrderBy(argument => argument.Name, StringComparer.Ordinal))
            Append(text.Append(argument.Name).Append(':'), argument.Value);
        return text.ToString();
    }

    private static StringBuilder Append(StringBuilder text, ValueNode value)
    {
        switch (value)
        {
            case StringValueNode literal: // With its length, since it may contain anything, including quotes and commas.
                return text.Append(CultureInfo.InvariantCulture, $"\"{literal.Value.Length}:{literal.Value},");
            case ListValueNode list:
                text.Append('[');
                foreach (ValueNode item in list.Items)
                    Append(text, item);
                return text.Append(']');
            case ObjectValueNode fields:
                text.Append('{');
                foreach (ObjectFieldNode field in fields.Fields.OrderBy(field => field.Name, StringComparer.Ordinal))
                    Append(text.Append(field.Name).Append(':'), field.Value);
                return text.Append('}');
            default:
                return text.Append(Printer.Print(value)).Append(',');
        }
    }
}
