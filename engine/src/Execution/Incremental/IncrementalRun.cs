using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>Executes a plan of which parts may come later: one result if none does, else a stream of them.</summary>
internal static class IncrementalRun
{
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public static async ValueTask<ExecutionResult> ExecuteAsync(OperationPlan plan, RequestState request)
    {
        var budget = new DeliveryBudget(request.Engine.Options);
        var later = new Deliveries(budget);
        OperationResult first = await OperationRun.ExecuteAsync(plan, request, rootValue: null, later).ConfigureAwait(false);
        return later.IsEmpty ? first : new IncrementalStream(request, (ExecutedResult)first, later, budget);
    }
}
