namespace Mycelium.GraphQL.Engine.Language;

/// <summary>The nodes directly below a node, in document order.</summary>
internal static class SyntaxChildren
{
    public static void AddTo(List<SyntaxNode> children, SyntaxNode node)
    {
        switch (node)
        {
            case DocumentNode document:
                children.AddRange(document.Definitions);
                break;
            case OperationDefinitionNode operation:
                children.AddRange(operation.VariableDefinitions);
                children.AddRange(operation.Directives);
                children.Add(operation.SelectionSet);
                break;
            case FragmentDefinitionNode fragment:
                children.Add(fragment.TypeCondition);
                children.AddRange(fragment.Directives);
                children.Add(fragment.SelectionSet);
                break;
            case VariableDefinitionNode definition:
                children.Add(definition.Variable);
                children.Add(definition.Type);
                AddIfAny(children, definition.DefaultValue);
                children.AddRange(definition.Directives);
                break;
            case SelectionSetNode set:
                children.AddRange(set.Selections);
                break;
            case FieldNode field:
                children.AddRange(field.Arguments);
                children.AddRange(field.Directives);
                AddIfAny(children, field.SelectionSet);
                break;
            case FragmentSpreadNode spread:
                children.AddRange(spread.Directives);
                break;
            case InlineFragmentNode inline:
                AddIfAny(children, inline.TypeCondition);
                children.AddRange(inline.Directives);
                children.Add(inline.SelectionSet);
                break;
            case ArgumentNode argument:
                children.Add(argument.Value);
                break;
            case DirectiveNode directive:
                children.AddRange(directive.Arguments);
                break;
            case ListValueNode list:
                children.AddRange(list.Items);
                break;
            case ObjectValueNode value:
                children.AddRange(value.Fields);
                break;
            case ObjectFieldNode field:
                children.Add(field.Value);
                break;
            case ListTypeNode list:
                children.Add(list.Type);
                break;
            case NonNullTypeNode nonNull:
                children.Add(nonNull.Type);
                break;
            default:
                AddTypeSystem(children, node);
                break;
        }
    }

    private static void AddTypeSystem(List<SyntaxNode> children, SyntaxNode node)
    {
        if (node is TypeSystemDefinitionNode definition)
            AddDefinition(children, definition);
        else if (node is OperationTypeDefinitionNode operation)
            children.Add(operation.Type);
        else if (node is FieldDefinitionNode field)
        {
            children.AddRange(field.Arguments);
            children.Add(field.Type);
            children.AddRange(field.Directives);
        }
        else if (node is InputValueDefinitionNode input)
        {
            children.Add(input.Type);
            AddIfAny(children, input.DefaultValue);
            children.AddRange(input.Directives);
        }
        else if (node is EnumValueDefinitionNode value)
            children.AddRange(value.Directives);
    }

    private static void AddDefinition(List<SyntaxNode> children, TypeSystemDefinitionNode definition)
    {
        children.AddRange(definition switch
        {
            ObjectTypeDefinitionNode type => type.Interfaces,
            InterfaceTypeDefinitionNode type => type.Interfaces,
            DirectiveDefinitionNode directive => directive.Arguments,
            _ => (IReadOnlyList<SyntaxNode>)[],
        });
        children.AddRange(definition.Directives);
        children.AddRange(definition switch
        {
            SchemaDefinitionNode schema => schema.OperationTypes,
            ObjectTypeDefinitionNode type => type.Fields,
            InterfaceTypeDefinitionNode type => type.Fields,
            UnionTypeDefinitionNode union => union.Types,
            EnumTypeDefinitionNode type => type.Values,
            InputObjectTypeDefinitionNode type => type.Fields,
            _ => (IReadOnlyList<SyntaxNode>)[],
        });
    }

    private static void AddIfAny(List<SyntaxNode> children, SyntaxNode? node)
    {
        if (node is not null)
            children.Add(node);
    }
}
