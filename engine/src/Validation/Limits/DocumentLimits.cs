using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary>Counts what is limited in a document: directives at one location, aliases, repeated fields.</summary>
internal sealed class DocumentLimits(RuleContext context) : ValidationRule(context)
{
    private int aliasCount;
    private int repeatedCount;

    /// <summary>Not a rule of the specification.</summary>
    public override string Section => "sec-Validation";

    public override void Operation(OperationDefinitionNode operation) => CountRepeated(operation.SelectionSet);

    public override void Fragment(FragmentDefinitionNode fragment) => CountRepeated(fragment.SelectionSet);

    public override void InlineFragment(InlineFragmentNode inline) => CountRepeated(inline.SelectionSet);

    public override void Field(FieldNode field)
    {
        if (field.Alias is not null && ++aliasCount > Context.Options.MaxAliases)
            throw Context.Stop("aliases", $"A document can have at most {Context.Options.MaxAliases} aliases.", Context.Options.MaxAliases);
        if (field.SelectionSet is { } set)
            CountRepeated(set);
    }

    public override void Directives(IReadOnlyList<DirectiveNode> directives, string location)
    {
        if (directives.Count > Context.Options.MaxDirectives)
            throw Context.Stop("directives", $"One location can have at most {Context.Options.MaxDirectives} directives.", Context.Options.MaxDirectives);
    }

    /// <summary>Fields with the same name as an earlier one in the same selection set: no client needs to repeat anything.</summary>
    private void CountRepeated(SelectionSetNode set)
    {
        if (set.Selections.Count < 2)
            return;
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (SelectionNode selection in set.Selections)
        {
            if (selection is FieldNode field && !names.Add(field.ResponseName) && ++repeatedCount > Context.Options.MaxRepeatedFields)
                throw Context.Stop(
                    "repeatedFields", $"A document can repeat at most {Context.Options.MaxRepeatedFields} fields.",
                    Context.Options.MaxRepeatedFields);
        }
    }
}
