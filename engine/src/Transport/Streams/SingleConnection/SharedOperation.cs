using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Streams.SingleConnection;

/// <summary>One operation of a shared stream, in a scope of its own: it outlives the request that started it.</summary>
internal sealed class SharedOperation(string id, SharedStream stream, StreamServices services) : IDisposable
{
    private readonly CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(stream.Closed);

    public string Id { get; } = id;

    public void Stop()
    {
        try
        {
            stopped.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended.
        }
        catch (AggregateException exception)
        {
            services.Logger.LogError(exception, "Stopping an operation failed in what it had registered for that.");
        }
    }

    public void Dispose() => stopped.Dispose();

    /// <summary>Executes; the results go to the stream.</summary>
    /// <returns>The errors of a request that was not executed; empty when the operation has started; null when it was stopped before that.</returns>
    public async Task<IReadOnlyList<GraphQLError>?> StartAsync(RequestParameters parameters, HttpContext context)
    {
        AsyncServiceScope scope = services.Scopes.CreateAsyncScope();
        bool isUnderWay = false;
        try
        {
            GraphQLRequest request = parameters.ToRequest(
                context, scope.ServiceProvider, context.User, allowsIncrementalDelivery: true, cost: CostHeader.Read(context.Request.Headers));
            ExecutionResult result = await services.Executor.ExecuteAsync(request, stopped.Token);
            if (result is OperationResult { HasData: false } refusal)
            {
                using (refusal)
                    return refusal.Errors;
            }
            isUnderWay = true;
            _ = SendAsync(result, scope); // The stream owns it from here: it does not end before its operations have.
            return [];
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception exception)
        {
            return [UnexpectedFailure.Report(services.Logger, exception)];
        }
        finally
        {
            if (!isUnderWay)
                await EndAsync(scope);
        }
    }

    private async Task SendAsync(ExecutionResult result, AsyncServiceScope scope)
    {
        try
        {
            StreamBody body = await OpenedAsync(result);
            var sender = new ResultSender(body, EventStreamEncoding.Of(Id), services)
            {
                IsAlone = false,
                Completing = () => stream.Release(this), // The id is free before the client learns that it is.
            };
            await (result is ResponseStream results ? sender.SendAllAsync(results, stopped.Token) : sender.SendAsync((OperationResult)result));
        }
        catch (OperationCanceledException)
        {
            // The client has stopped it or has disconnected, or nobody opened the stream.
        }
        catch (Exception exception)
        {
            services.Logger.LogError(exception, "An operation of a shared stream ended unexpectedly.");
        }
        finally
        {
            (result as OperationResult)?.Dispose();
            await EndAsync(scope);
        }
    }

    private async Task<StreamBody> OpenedAsync(ExecutionResult result)
    {
        try
        {
            return await stream.Opened.WaitAsync(stopped.Token);
        }
        catch (OperationCanceledException) when (result is ResponseStream)
        {
            await ResultSender.DiscardAsync((ResponseStream)result);
            throw;
        }
    }

    private async ValueTask EndAsync(AsyncServiceScope scope)
    {
        await scope.DisposeAsync();
        stream.Ended(this);
        Dispose();
    }
}
