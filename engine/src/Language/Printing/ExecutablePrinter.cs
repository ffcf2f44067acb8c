using System.Runtime.CompilerServices;

namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Prints operations, fragments and what they select.</summary>
internal static class ExecutablePrinter
{
    public static void Write(IndentedWriter output, SyntaxNode node)
    {
        switch (node)
        {
            case OperationDefinitionNode operation:
                WriteOperation(output, operation);
                break;
            case FragmentDefinitionNode fragment:
                WriteFragment(output, fragment);
                break;
            case VariableDefinitionNode definition:
                output.Append(Print(definition));
                break;
            case SelectionSetNode selections:
                WriteSelections(output, selections);
                break;
            case FieldNode field:
                WriteField(output, field);
                break;
            case FragmentSpreadNode spread:
                output.Append("...").Append(spread.Name);
                WriteDirectives(output, spread.Directives);
                break;
            case InlineFragmentNode inline:
                WriteInlineFragment(output, inline);
                break;
            default:
                throw new ArgumentException($"Not an executable node: {node.GetType().Name}.", nameof(node));
        }
    }

    public static void WriteDirectives(IndentedWriter output, IReadOnlyList<DirectiveNode> directives)
    {
        foreach (DirectiveNode directive in directives)
            output.Append(' ').Append(ValuePrinter.Print(directive));
    }

    public static void WriteDescription(IndentedWriter output, string? description)
    {
        if (description is not null)
            output.Append(ValuePrinter.Describe(description)).Line();
    }

    private static void WriteOperation(IndentedWriter output, OperationDefinitionNode operation)
    {
        bool isShorthand = operation is { Operation: OperationType.Query, Description: null, Name: null, VariableDefinitions.Count: 0, Directives.Count: 0 };
        if (!isShorthand)
        {
            WriteDescription(output, operation.Description);
            output.Append(operation.Operation switch
            {
                OperationType.Query => "query",
                OperationType.Mutation => "mutation",
                _ => "subscription",
            });
            if (operation.Name is not null || operation.VariableDefinitions.Count > 0)
                output.Append(' ').Append(operation.Name);
            WriteVariables(output, operation.VariableDefinitions);
            WriteDirectives(output, operation.Directives);
            output.Append(' ');
        }
        WriteSelections(output, operation.SelectionSet);
    }

    /// <summary>On one line, unless a description or a long default takes several already.</summary>
    private static void WriteVariables(IndentedWriter output, IReadOnlyList<VariableDefinitionNode> definitions)
    {
        if (definitions.Count == 0)
            return;
        string[] items = [.. definitions.Select(Print)];
        if (items.Any(item => item.Contains('\n', StringComparison.Ordinal)))
            output.Append("(\n").Append(string.Join("\n", items)).Append("\n)");
        else
            output.Append('(').Append(string.Join(", ", items)).Append(')');
    }

    private static string Print(VariableDefinitionNode definition)
    {
        var output = new IndentedWriter();
        WriteDescription(output, definition.Description);
        output.Append('$').Append(definition.Variable.Name).Append(": ").Append(ValuePrinter.Print(definition.Type));
        if (definition.DefaultValue is not null)
            output.Append(" = ").Append(ValuePrinter.Print(definition.DefaultValue));
        WriteDirectives(output, definition.Directives);
        return output.ToString();
    }

    private static void WriteFragment(IndentedWriter output, FragmentDefinitionNode fragment)
    {
        WriteDescription(output, fragment.Description);
        output.Append("fragment ").Append(fragment.Name).Append(" on ").Append(fragment.TypeCondition.Name);
        WriteDirectives(output, fragment.Directives);
        output.Append(' ');
        WriteSelections(output, fragment.SelectionSet);
    }

    private static void WriteSelections(IndentedWriter output, SelectionSetNode set)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        output.Append('{');
        output.Indent();
        foreach (SelectionNode selection in set.Selections)
        {
            output.Line();
            Write(output, selection);
        }
        output.Outdent();
        output.Line().Append('}');
    }

    private static void WriteField(IndentedWriter output, FieldNode field)
    {
        output.Append(ValuePrinter.PrintArguments(field.Alias is null ? field.Name : $"{field.Alias}: {field.Name}", field.Arguments));
        WriteDirectives(output, field.Directives);
        if (field.SelectionSet is not null)
        {
            output.Append(' ');
            WriteSelections(output, field.SelectionSet);
        }
    }

    private static void WriteInlineFragment(IndentedWriter output, InlineFragmentNode inline)
    {
        output.Append("...");
        if (inline.TypeCondition is not null)
            output.Append(" on ").Append(inline.TypeCondition.Name);
        WriteDirectives(output, inline.Directives);
        output.Append(' ');
        WriteSelections(output, inline.SelectionSet);
    }
}
