using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Prints what stays on one line if it fits: values, arguments, directives and type references.</summary>
internal static class ValuePrinter
{
    private const int LineLengthMax = 80;

    public static string Print(ValueNode value)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return value switch
        {
            VariableNode variable => "$" + variable.Name,
            IntValueNode number => number.Value,
            FloatValueNode number => number.Value,
            StringValueNode { IsBlock: true } text => BlockString.Encode(text.Value),
            StringValueNode text => Quote(text.Value),
            BooleanValueNode boolean => boolean.Value ? "true" : "false",
            NullValueNode => "null",
            EnumValueNode name => name.Value,
            ListValueNode list => PrintList(list),
            ObjectValueNode fields => PrintObject(fields),
            _ => throw new ArgumentException($"Not a GraphQL value: {value.GetType().Name}.", nameof(value)),
        };
    }

    public static string Print(TypeNode type)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        return type switch
        {
            NamedTypeNode named => named.Name,
            ListTypeNode list => $"[{Print(list.Type)}]",
            NonNullTypeNode nonNull => Print(nonNull.Type) + "!",
            _ => throw new ArgumentException($"Not a GraphQL type: {type.GetType().Name}.", nameof(type)),
        };
    }

    public static string Print(ArgumentNode argument) => $"{argument.Name}: {Print(argument.Value)}";

    public static string Print(ObjectFieldNode field) => $"{field.Name}: {Print(field.Value)}";

    public static string Print(DirectiveNode directive) => directive.Arguments.Count == 0
        ? "@" + directive.Name
        : $"@{directive.Name}({string.Join(", ", directive.Arguments.Select(Print))})";

    /// <summary>Arguments in parentheses, one per line when <paramref name="prefix"/> and they do not fit on a line.</summary>
    public static string PrintArguments(string prefix, IReadOnlyList<ArgumentNode> arguments)
    {
        if (arguments.Count == 0)
            return prefix;
        string[] items = [.. arguments.Select(Print)];
        return prefix.Length + LengthOnOneLine(items) + 2 > LineLengthMax
            ? $"{prefix}(\n{IndentedLines(items)}\n)"
            : $"{prefix}({string.Join(", ", items)})";
    }

    public static string Describe(string description) => BlockString.CanHold(description) ? BlockString.Encode(description) : Quote(description);

    /// <summary>Escapes control characters, including those in the upper half of Latin-1, and leaves everything else as it is.</summary>
    private static string Quote(string value)
    {
        var quoted = new StringBuilder(value.Length + 2).Append('"');
        foreach (char character in value)
        {
            _ = character switch
            {
                '"' => quoted.Append("\\\""),
                '\\' => quoted.Append("\\\\"),
                '\b' => quoted.Append("\\b"),
                '\t' => quoted.Append("\\t"),
                '\n' => quoted.Append("\\n"),
                '\f' => quoted.Append("\\f"),
                '\r' => quoted.Append("\\r"),
                _ when char.IsControl(character) => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}"),
                _ => quoted.Append(character),
            };
        }
        return quoted.Append('"').ToString();
    }

    private static string PrintList(ListValueNode list)
    {
        string[] items = [.. list.Items.Select(Print)];
        return 2 + LengthOnOneLine(items) > LineLengthMax ? $"[\n{IndentedLines(items)}\n]" : $"[{string.Join(", ", items)}]";
    }

    private static string PrintObject(ObjectValueNode value)
    {
        if (value.Fields.Count == 0)
            return "{  }"; // Two spaces: what is left of "{ fields }".
        string[] items = [.. value.Fields.Select(Print)];
        return 4 + LengthOnOneLine(items) > LineLengthMax ? $"{{\n{IndentedLines(items)}\n}}" : $"{{ {string.Join(", ", items)} }}";
    }

    private static int LengthOnOneLine(string[] items) => items.Sum(item => item.Length) + 2 * Math.Max(0, items.Length - 1);

    private static string IndentedLines(string[] items) => "  " + string.Join("\n", items).Replace("\n", "\n  ", StringComparison.Ordinal);
}
