using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation.Rules;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Field-Selections"/></summary>
internal sealed class FieldSelections(RuleContext context) : ValidationRule(context)
{
    public override string Section => "sec-Field-Selections";

    public override void Field(FieldNode field)
    {
        if (Context.ParentType is not { } parent || Context.Field is not null)
            return;
        Report($"Cannot query field \"{field.Name}\" on type \"{parent}\".{SuggestType(parent, field.Name)}", field);
    }

    /// <summary>A field of some possible types has to be selected in a fragment on them; any other is perhaps misspelled.</summary>
    private string SuggestType(NamedType parent, string fieldName)
    {
        const int shownMax = 3;
        if (!Context.Options.HasSuggestions)
            return "";
        string[] owners = parent is ObjectType
            ? []
            : [.. Context.Schema.PossibleTypes(parent).Where(type => type.Fields.Find(fieldName) is not null).Take(shownMax).Select(type => $"\"{type}\"")];
        return owners.Length > 0
            ? $" Did you mean to use an inline fragment on {string.Join(" or ", owners)}?"
            : Context.Suggest(fieldName, () => parent is ComplexType complex ? complex.Fields.Select(field => field.Name) : []);
    }
}
