namespace Mycelium.GraphQL.Engine.Language;

/// <summary>Prints definitions of the type system and their extensions: SDL.</summary>
internal static class TypeSystemPrinter
{
    public static void Write(IndentedWriter output, SyntaxNode node)
    {
        switch (node)
        {
            case DirectiveDefinitionNode directive:
                WriteDirectiveDefinition(output, directive);
                break;
            case TypeSystemDefinitionNode definition:
                WriteDefinition(output, definition);
                break;
            case OperationTypeDefinitionNode operation:
                output.Append(operation.Operation switch
                {
                    OperationType.Query => "query: ",
                    OperationType.Mutation => "mutation: ",
                    _ => "subscription: ",
                }).Append(operation.Type.Name);
                break;
            case FieldDefinitionNode field:
                WriteField(output, field);
                break;
            case InputValueDefinitionNode input:
                output.Append(Print(input));
                break;
            case EnumValueDefinitionNode value:
                ExecutablePrinter.WriteDescription(output, value.Description);
                output.Append(value.Name);
                ExecutablePrinter.WriteDirectives(output, value.Directives);
                break;
            default:
                throw new ArgumentException($"Not a type system node: {node.GetType().Name}.", nameof(node));
        }
    }

    private static void WriteDefinition(IndentedWriter output, TypeSystemDefinitionNode definition)
    {
        ExecutablePrinter.WriteDescription(output, definition.Description);
        if (definition.IsExtension)
            output.Append("extend ");
        output.Append(Keyword(definition));
        if (definition is TypeDefinitionNode type)
            output.Append(' ').Append(type.Name);
        WriteInterfaces(output, definition);
        ExecutablePrinter.WriteDirectives(output, definition.Directives);
        if (definition is UnionTypeDefinitionNode { Types.Count: > 0 } union)
            output.Append(" = ").Append(string.Join(" | ", union.Types.Select(member => member.Name)));
        WriteBlock(output, definition switch
        {
            SchemaDefinitionNode schema => schema.OperationTypes,
            ObjectTypeDefinitionNode complex => complex.Fields,
            InterfaceTypeDefinitionNode complex => complex.Fields,
            EnumTypeDefinitionNode enumType => enumType.Values,
            InputObjectTypeDefinitionNode input => input.Fields,
            _ => [],
        });
    }

    private static string Keyword(TypeSystemDefinitionNode definition) => definition switch
    {
        SchemaDefinitionNode => "schema",
        ScalarTypeDefinitionNode => "scalar",
        ObjectTypeDefinitionNode => "type",
        InterfaceTypeDefinitionNode => "interface",
        UnionTypeDefinitionNode => "union",
        EnumTypeDefinitionNode => "enum",
        InputObjectTypeDefinitionNode => "input",
        _ => throw new ArgumentException($"Not a type system definition: {definition.GetType().Name}.", nameof(definition)),
    };

    private static void WriteInterfaces(IndentedWriter output, TypeSystemDefinitionNode definition)
    {
        IReadOnlyList<NamedTypeNode> interfaces = definition switch
        {
            ObjectTypeDefinitionNode type => type.Interfaces,
            InterfaceTypeDefinitionNode type => type.Interfaces,
            _ => [],
        };
        if (interfaces.Count > 0)
            output.Append(" implements ").Append(string.Join(" & ", interfaces.Select(implemented => implemented.Name)));
    }

    private static void WriteBlock(IndentedWriter output, IReadOnlyList<SyntaxNode> members)
    {
        if (members.Count == 0)
            return;
        output.Append(" {");
        output.Indent();
        foreach (SyntaxNode member in members)
        {
            output.Line();
            Write(output, member);
        }
        output.Outdent();
        output.Line().Append('}');
    }

    private static void WriteField(IndentedWriter output, FieldDefinitionNode field)
    {
        ExecutablePrinter.WriteDescription(output, field.Description);
        output.Append(field.Name);
        WriteArguments(output, field.Arguments);
        output.Append(": ").Append(ValuePrinter.Print(field.Type));
        ExecutablePrinter.WriteDirectives(output, field.Directives);
    }

    private static void WriteDirectiveDefinition(IndentedWriter output, DirectiveDefinitionNode directive)
    {
        ExecutablePrinter.WriteDescription(output, directive.Description);
        output.Append("directive @").Append(directive.Name);
        WriteArguments(output, directive.Arguments);
        output.Append(directive.IsRepeatable ? " repeatable on " : " on ").Append(string.Join(" | ", directive.Locations));
    }

    /// <summary>On one line, unless one of them takes several already.</summary>
    private static void WriteArguments(IndentedWriter output, IReadOnlyList<InputValueDefinitionNode> arguments)
    {
        if (arguments.Count == 0)
            return;
        string[] items = [.. arguments.Select(Print)];
        if (!items.Any(item => item.Contains('\n', StringComparison.Ordinal)))
        {
            output.Append('(').Append(string.Join(", ", items)).Append(')');
            return;
        }
        output.Append('(');
        output.Indent();
        output.Line().Append(string.Join("\n", items));
        output.Outdent();
        output.Line().Append(')');
    }

    private static string Print(InputValueDefinitionNode input)
    {
        var output = new IndentedWriter();
        ExecutablePrinter.WriteDescription(output, input.Description);
        output.Append(input.Name).Append(": ").Append(ValuePrinter.Print(input.Type));
        if (input.DefaultValue is not null)
            output.Append(" = ").Append(ValuePrinter.Print(input.DefaultValue));
        ExecutablePrinter.WriteDirectives(output, input.Directives);
        return output.ToString();
    }
}
