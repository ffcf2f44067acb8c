using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Executes a plan with parts that may be delivered later: as one result if there are none, else as a stream.</summary>
internal static class IncrementalRun
{
    /// <exception cref="OperationCanceledException">The client has disconnected.</exception>
    public static async ValueTask<ExecutionResult> ExecuteAsync(OperationPlan plan, RequestState request)
    {
        var budget = new DeliveryBudget(request.Engine.Options);
        var later = new Deliveries(budget);
        OperationResult first = await OperationRun.ExecuteAsync(plan, request, rootValue: null, later).ConfigureAwait(false);
        return later.IsEmpty ? first : new IncrementalStream(request, (ExecutedResult)first, later, budget);
    }
}
