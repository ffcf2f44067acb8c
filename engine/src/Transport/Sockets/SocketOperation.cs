using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>One <c>subscribe</c> message: a query, a mutation or a subscription, in a scope of its own.</summary>
internal sealed class SocketOperation(string id, SocketOperations operations, SocketSender sender, SocketServices services) : IResultReceiver, IDisposable
{
    private readonly CancellationTokenSource stopped = CancellationTokenSource.CreateLinkedTokenSource(sender.Closed);
    private readonly JsonEncodedText encodedId = JsonEncodedText.Encode(id);
    private byte[]? nextPrefix;
    private volatile bool isActive;

    private byte[] NextPrefix => nextPrefix ??= ServerMessage.NextPrefix(encodedId);

    public string Id { get; } = id;

    /// <summary>
    /// The client has not stopped it and has not been told that it ended. Kept by <see cref="SocketOperations"/>, which does not have to be asked for
    /// thousands of messages a second.
    /// </summary>
    public bool IsActive
    {
        get => isActive;
        set => isActive = value;
    }

    /// <summary>A result for many subscribers. It is dropped after the client has stopped the operation.</summary>
    public bool TryReceive(OperationResult result) =>
        !IsActive || sender.TryPost((SharedResult)result, NextPrefix);

    public void Cancel()
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

    public async Task RunAsync(RequestParameters parameters, ClaimsPrincipal user, HttpContext context)
    {
        // The socket continues receiving, even if this operation never has to wait for anything.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            await using AsyncServiceScope scope = services.Scopes.CreateAsyncScope();
            if (scope.ServiceProvider.GetService<ISocketSessionInterceptor>() is { } interceptor)
                user = await interceptor.OnRequestAsync(user, stopped.Token);
            GraphQLRequest request = parameters.ToRequest(context, scope.ServiceProvider, user) with { AllowsIncrementalDelivery = true };
            await TellAsync(await services.Executor.ExecuteAsync(request, stopped.Token));
        }
        catch (OperationCanceledException) when (stopped.IsCancellationRequested)
        {
            // The client has stopped it, or has disconnected.
        }
        catch (GraphQLException exception)
        {
            // A source that ends with its own error: the subscription fell behind, or may no longer be read.
            await FailAsync(exception.Errors);
        }
        catch (Exception exception)
        {
            await FailAsync([UnexpectedFailure.Report(services.Logger, exception)]);
        }
        finally
        {
            operations.Ended(this);
            Dispose();
        }
    }

    private async Task TellAsync(ExecutionResult result)
    {
        switch (result)
        {
            case ResponseStream stream:
                await TellAllAsync(stream);
                break;
            case OperationResult single:
                using (single)
                {
                    if (await TryTellAsync(single))
                        await TellLastAsync(ServerMessage.Complete(encodedId));
                }
                break;
        }
    }

    private async Task TellAllAsync(ResponseStream stream)
    {
        bool isPart = false;
        await foreach (OperationResult item in stream.ReadResultsAsync(this).WithCancellation(stopped.Token))
        {
            using (item)
            {
                if (!await TryTellAsync(item, isPart))
                    return;
            }
            isPart = stream.IsIncremental;
            stopped.Token.ThrowIfCancellationRequested(); // A source that always has a next event may never check the token.
        }
        await TellLastAsync(ServerMessage.Complete(encodedId));
    }

    /// <param name="result">The result to send.</param>
    /// <param name="isPart">Whether it continues a response, so that it is meaningful without data of its own.</param>
    /// <returns>False for a request error, which ends the operation; a stream may end with one too.</returns>
    private async ValueTask<bool> TryTellAsync(OperationResult result, bool isPart = false)
    {
        bool isError = !result.HasData && !isPart;
        if (isError)
            await FailAsync(result.Errors);
        else if (IsActive)
            await sender.PostAsync(
                result is SharedResult shared ? new Outgoing(shared, NextPrefix) : new Outgoing(ServerMessage.Next(encodedId, result)),
                stopped.Token);
        return !isError;
    }

    private async ValueTask FailAsync(IReadOnlyList<GraphQLError> errors)
    {
        if (errors.Count > 0 && errors[0].Code == ErrorCodes.SlowConsumer)
            sender.Close(CloseReason.SlowConsumer);
        else
            await TellLastAsync(ServerMessage.Error(encodedId, errors));
    }

    private async ValueTask TellLastAsync(ServerMessage message)
    {
        if (operations.Finish(this))
            await sender.PostAsync(new Outgoing(message), sender.Closed);
        else
            message.Dispose();
    }
}
