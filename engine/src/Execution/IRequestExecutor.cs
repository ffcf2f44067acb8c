using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Parses (or finds in its cache), validates, compiles and executes requests against one schema. One instance serves all requests.</summary>
public interface IRequestExecutor
{
    Schema Schema { get; }

    /// <summary>Never throws for anything the request may hold; cancellation alone escapes.</summary>
    ValueTask<ExecutionResult> ExecuteAsync(GraphQLRequest request, CancellationToken cancellation = default);
}
