using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Parses (or finds in its cache), validates, compiles and executes requests for one schema. One instance serves all requests.</summary>
public interface IRequestExecutor
{
    Schema Schema { get; }

    /// <summary>Never throws because of the request's content; only cancellation is thrown.</summary>
    ValueTask<ExecutionResult> ExecuteAsync(GraphQLRequest request, CancellationToken cancellation = default);
}
