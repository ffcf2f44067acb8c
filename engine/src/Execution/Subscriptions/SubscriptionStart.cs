using Microsoft.Extensions.DependencyInjection;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>
/// <see href="https://spec.graphql.org/September2025/#CreateSourceEventStream()"/>: starts the source of the one root field. Errors up to here are
/// request errors.
/// </summary>
internal sealed class SubscriptionStart(
    ExecutionServices engine, CompiledOperation operation, OperationPlan plan, GraphQLRequest request, IReadOnlyDictionary<string, object?> variables,
    byte[]? operationCost, CancellationToken cancellation)
{
    public async ValueTask<ExecutionResult> SubscribeAsync()
    {
        // Lives until the stream ends: the source may use what it was started with. It has no time-out, but each of its events has.
        var state = new RequestState(engine, request, request.Services, variables, Timeout.InfiniteTimeSpan, cancellation);
        FieldPlan field = plan.Root.Fields[0].Plan;
        try
        {
            IAsyncEnumerable<object> source = await StartAsync(state, field).ConfigureAwait(false);
            var execution = new EventExecution(
                engine, plan, request, request.Services.GetRequiredService<IServiceScopeFactory>(), variables)
            { OperationCost = operationCost };
            if (source is not SharedSource shared)
                return new SubscriptionStream(execution, state, source, cancellation);
            var key = SharingKey.Of(plan, operation.SharingScope(field.Field.Feature<Resumption>()?.Argument), request);
            return new SharedSubscriptionStream(execution, state, shared, key, cancellation);
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            IReadOnlyList<GraphQLError> errors = state.Failures.Map(exception).Errors;
            await state.DisposeLoadersAsync().ConfigureAwait(false);
            state.Dispose();
            return new RequestErrorResult([.. errors.Select(error => error.At(ResponsePath.Root(field.ResponseName), field.Locations))]);
        }
    }

    private static async ValueTask<IAsyncEnumerable<object>> StartAsync(RequestState state, FieldPlan field)
    {
        SubscribeDelegate subscribe = field.Field.Subscribe
            ?? throw new InvalidOperationException($"The subscription field {field.Field.Name} has no source stream.");
        ArgumentValues arguments = ArgumentsOf(state, field);
        if (arguments.Failure is { } refusal)
            throw new GraphQLException(refusal.Errors);

        return await new SourceContext(state, field, arguments, subscribe).StartAsync().ConfigureAwait(false);
    }

    /// <summary>A client that reconnects resumes where it was, not where its document originally told it to start.</summary>
    private static ArgumentValues ArgumentsOf(RequestState state, FieldPlan field) =>
        state.Request.LastEventId is { } last && field.Field.Feature<Resumption>() is { } resumption
            ? field.CoerceWith(resumption.Argument, last, state.Variables)
            : state.ArgumentsOf(field);
}
