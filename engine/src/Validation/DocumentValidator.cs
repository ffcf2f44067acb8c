using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Validation"/>: whether a document may be executed against a schema.</summary>
internal static class DocumentValidator
{
    /// <summary>All errors of the document, in the order in which the rules find them; empty when it is valid.</summary>
    public static IReadOnlyList<GraphQLError> Validate(Schema schema, DocumentNode document, ValidationOptions? options = null) =>
        Validate(schema, document, options, isOn: null);

    /// <summary>The same with some rules switched off, for the test that checks whether anything would notice.</summary>
    internal static IReadOnlyList<GraphQLError> Validate(Schema schema, DocumentNode document, ValidationOptions? options, Func<ValidationRule, bool>? isOn)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(document);
        var context = new RuleContext(schema, document, options ?? ValidationOptions.Default);
        try
        {
            IReadOnlyList<ValidationRule> rules = RuleSet.Create(context);
            new ValidationTraversal(context, isOn is null ? rules : [.. rules.Where(isOn)]).Run();
        }
        catch (ValidationStopped)
        {
            // The context holds the errors so far, including the reason for stopping.
        }
        return context.Errors;
    }
}
