using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#ExecuteSubscriptionEvent()"/>: each event is an execution of its own, with its own services and
/// time-out, so that nothing a resolver opens lives as long as the subscription.
/// </summary>
internal sealed record EventExecution(
    ExecutionServices Engine, OperationPlan Plan, GraphQLRequest Request, IServiceScopeFactory Scopes, IReadOnlyDictionary<string, object?> Variables)
{
    /// <summary>The cost that each message reports, as JSON; null when it is not requested.</summary>
    public byte[]? OperationCost { get; init; }

    private bool IsResumable => Plan.Root.Fields[0].Plan.Field.Feature<Resumption>() is not null;

    public async ValueTask<OperationResult> ExecuteAsync(object message, CancellationToken ended)
    {
        AsyncServiceScope scope = Scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            try
            {
                var execution = new RequestState(
                    Engine, Request, scope.ServiceProvider, Variables, Engine.Options.ExecutionTimeout, ended)
                { OperationCost = OperationCost };
                OperationResult result = await OperationRun.ExecuteAsync(Plan, execution, message).ConfigureAwait(false);
                if (IsResumable)
                    result.Cursor = (message as IHasCursor)?.Cursor;
                return result;
            }
            catch (Exception mistake) when (!ended.IsCancellationRequested)
            {
                return new RequestErrorResult([Engine.Errors.Internal(mistake)]);
            }
        }
    }
}
