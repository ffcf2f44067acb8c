using System.Collections.Concurrent;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A parsed and validated document with its compiled operations, for all requests with the same text.</summary>
internal sealed class CachedDocument(DocumentNode document, IReadOnlyList<GraphQLError> validationErrors)
{
    private readonly ConcurrentDictionary<OperationDefinitionNode, CompiledOperation> compiled = [];

    /// <summary>What a request for this document is answered with; empty for a valid one.</summary>
    public IReadOnlyList<GraphQLError> ValidationErrors => validationErrors;

    /// <summary><see href="https://spec.graphql.org/September2025/#GetOperation()"/></summary>
    /// <exception cref="GraphQLException">There is no such operation, or more than one.</exception>
    public OperationDefinitionNode OperationNamed(string? name)
    {
        OperationDefinitionNode? found = null;
        foreach (OperationDefinitionNode operation in document.Definitions.OfType<OperationDefinitionNode>())
        {
            if (name is not null && operation.Name != name)
                continue;
            if (found is not null)
                throw new GraphQLException("The document has several operations; say which one by its name.", ErrorCodes.OperationResolutionFailure);
            found = operation;
        }
        return found ?? throw new GraphQLException(
            name is null ? "The document has no operation." : $"The document has no operation named {name}.", ErrorCodes.OperationResolutionFailure);
    }

    public CompiledOperation Compiled(OperationDefinitionNode operation, Func<DocumentNode, OperationDefinitionNode, CompiledOperation> compile) =>
        compiled.TryGetValue(operation, out CompiledOperation? known) ? known : compiled.GetOrAdd(operation, compile(document, operation));
}
