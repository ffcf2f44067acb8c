using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Leaf-Field-Selections"/></summary>
internal sealed class LeafFieldSelections(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Leaf-Field-Selections";

    public override void Field(FieldNode field)
    {
        if (Context.Field is not { } definition)
            return;
        bool isLeaf = definition.Type.Named is ScalarType or EnumType;
        if (isLeaf && field.SelectionSet is not null)
            Report($"Field \"{field.Name}\" of type \"{definition.Type}\" is a leaf: it has no fields to select.", field.SelectionSet);
        else if (!isLeaf && field.SelectionSet is null)
            Report($"Field \"{field.Name}\" of type \"{definition.Type}\" needs a selection of its fields: \"{field.Name} {{ ... }}\".", field);
    }
}
