using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Finds the first field of a document that queries the schema, even where no operation reaches it.</summary>
internal sealed class IntrospectionUse : SyntaxWalker
{
    private FieldNode? found;

    /// <returns>The error for a caller that may not query the schema; null when the document does not.</returns>
    public static GraphQLError? Find(DocumentNode document)
    {
        var walker = new IntrospectionUse();
        walker.Walk(document);
        return walker.found is not { } field
            ? null
            : new GraphQLError($"You may not query the schema of this service: {field.Name}.", ErrorCodes.IntrospectionDisabled)
            {
                Locations = [field.Span.Location],
                Extensions = new Dictionary<string, object?> { ["field"] = field.Name },
            };
    }

    protected override bool Enter(SyntaxNode node)
    {
        if (node is FieldNode { Name: "__schema" or "__type" } field)
            found ??= field;
        return found is null && node is DocumentNode or ExecutableDefinitionNode or SelectionSetNode or SelectionNode;
    }
}
