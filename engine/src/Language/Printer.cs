namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Prints a node as GraphQL text, in the customary layout of GraphQL's reference implementation.</summary>
/// <remarks>
/// A description is printed as a block string if one can represent it: the tree keeps its text, not its quotes. A tree that nests deeper than the
/// stack allows, which the parser never produces, throws an <see cref="InsufficientExecutionStackException"/>.
/// </remarks>
internal static class Printer
{
    public static string Print(SyntaxNode node)
    {
        ArgumentNullException.ThrowIfNull(node);
        return node switch
        {
            ValueNode value => ValuePrinter.Print(value),
            TypeNode type => ValuePrinter.Print(type),
            ArgumentNode argument => ValuePrinter.Print(argument),
            ObjectFieldNode field => ValuePrinter.Print(field),
            DirectiveNode directive => ValuePrinter.Print(directive),
            _ => PrintLayout(node),
        };
    }

    private static string PrintLayout(SyntaxNode node)
    {
        var output = new IndentedWriter();
        switch (node)
        {
            case DocumentNode document:
                PrintDocument(output, document);
                break;
            case OperationDefinitionNode or FragmentDefinitionNode or VariableDefinitionNode or SelectionSetNode or SelectionNode:
                ExecutablePrinter.Write(output, node);
                break;
            default:
                TypeSystemPrinter.Write(output, node);
                break;
        }
        return output.ToString();
    }

    private static void PrintDocument(IndentedWriter output, DocumentNode document)
    {
        for (int index = 0; index < document.Definitions.Count; index++)
        {
            if (index > 0)
                output.Line().Line();
            if (document.Definitions[index] is ExecutableDefinitionNode executable)
                ExecutablePrinter.Write(output, executable);
            else
                TypeSystemPrinter.Write(output, document.Definitions[index]);
        }
    }
}
