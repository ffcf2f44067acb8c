using System.Collections.Frozen;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>The variables of a valid operation that are only used in comparisons: these may have values that their type cannot represent.</summary>
internal sealed class OperandVariables
{
    private readonly Schema schema;
    private readonly HashSet<string> operands = new(StringComparer.Ordinal);
    private readonly HashSet<string> others = new(StringComparer.Ordinal);

    /// <summary>All fragments are visited, whether or not the operation spreads them: at worst a value is refused as it would be elsewhere.</summary>
    private OperandVariables(Schema schema, DocumentNode document, OperationDefinitionNode operation)
    {
        this.schema = schema;
        Note(operation.Directives);
        Walk(operation.SelectionSet, schema.RootType(operation.Operation));
        foreach (FragmentDefinitionNode fragment in document.Definitions.OfType<FragmentDefinitionNode>())
            Walk(fragment.SelectionSet, schema.FindType(fragment.TypeCondition.Name));
        operands.ExceptWith(others);
    }

    public static FrozenSet<string> Of(Schema schema, DocumentNode document, OperationDefinitionNode operation) =>
        operation.VariableDefinitions.Count == 0 ? [] : new OperandVariables(schema, document, operation).operands.ToFrozenSet(StringComparer.Ordinal);

    private void Walk(SelectionSetNode set, NamedType? parent)
    {
        foreach (SelectionNode selection in set.Selections)
        {
            Note(selection.Directives);
            switch (selection)
            {
                case FieldNode field:
                    FieldDefinition? definition = parent is null ? null : schema.FindField(parent, field.Name);
                    foreach (ArgumentNode argument in field.Arguments)
                        Note(argument.Value, definition?.Arguments.Find(argument.Name));
                    if (field.SelectionSet is { } below)
                        Walk(below, definition?.Type.Named);
                    break;
                case InlineFragmentNode inline:
                    Walk(inline.SelectionSet, inline.TypeCondition is { } condition ? schema.FindType(condition.Name) : parent);
                    break;
            }
        }
    }

    /// <summary>No directive makes comparisons.</summary>
    private void Note(IReadOnlyList<DirectiveNode> directives)
    {
        foreach (ArgumentNode argument in directives.SelectMany(directive => directive.Arguments))
            Note(argument.Value, place: null);
    }

    private void Note(ValueNode value, InputValueDefinition? place)
    {
        switch (value)
        {
            case VariableNode variable:
                (place is { IsOperand: true } ? operands : others).Add(variable.Name);
                break;
            case ListValueNode list:
                foreach (ValueNode item in list.Items)
                    Note(item, place);
                break;
            case ObjectValueNode map:
                foreach (ObjectFieldNode field in map.Fields)
                    Note(field.Value, (place?.Type.Named as InputObjectType)?.Fields.Find(field.Name));
                break;
        }
    }
}
