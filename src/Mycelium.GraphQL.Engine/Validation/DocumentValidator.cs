using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Validation;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Validation"/>: whether a document may be executed against a schema.</summary>
public static class DocumentValidator
{
    /// <summary>All errors of the document, in the order of the rules' finding them; empty when it is valid.</summary>
    public static IReadOnlyList<GraphQLError> Validate(Schema schema, DocumentNode document, ValidationOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(document);
        var context = new ValidationContext(schema, document, options ?? ValidationOptions.Default);
        try
        {
            new ValidationTraversal(context, RuleSet.Create(context)).Run();
        }
        catch (ValidationStopped)
        {
            // The context holds the errors up to here, the reason for stopping among them.
        }
        return context.Errors;
    }
}
