using System.Buffers;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>Sends the results of one operation, each as soon as it is ready, then that it is complete.</summary>
/// <param name="body">Where to send.</param>
/// <param name="encoding">How the messages of this operation are written.</param>
/// <param name="services">What all streams share.</param>
internal sealed class ResultSender(StreamBody body, StreamEncoding encoding, StreamServices services)
{
    /// <summary>The stream has no other operation, and may end without saying that it is complete.</summary>
    public bool IsAlone { get; init; } = true;

    /// <summary>Called before the last message is sent.</summary>
    public Action? Completing { get; init; }

    public async Task SendAsync(OperationResult result)
    {
        await body.SendAsync(output => encoding.Next(output, result));
        await CompleteAsync();
    }

    /// <exception cref="OperationCanceledException">The operation was stopped, or the stream has ended.</exception>
    public async Task SendAllAsync(ResponseStream results, CancellationToken stopped)
    {
        try
        {
            await foreach (OperationResult result in results.ReadResultsAsync().WithCancellation(stopped))
            {
                using (result)
                {
                    if (!result.HasData && IsSlowConsumer(result.Errors))
                    {
                        body.End(StreamEnd.SlowConsumer);
                        return;
                    }
                    if (IsAlone && result is RequestErrorResult && IsPassing(result.Errors))
                    {
                        body.End(StreamEnd.Passing(result.Errors[0], Random.Shared.NextDouble() * StreamBody.RetryAfterMax));
                        return;
                    }
                    await body.SendAsync(output => encoding.Next(output, result));
                }
                stopped.ThrowIfCancellationRequested(); // A source that always has a next event may never check the token.
            }
        }
        catch (GraphQLException exception) when (IsSlowConsumer(exception.Errors))
        {
            body.End(StreamEnd.SlowConsumer);
            return;
        }
        catch (GraphQLException exception)
        {
            // A source that ends with its own error: it may no longer be read.
            await body.SendAsync(output => encoding.Fail(output, exception.Errors));
        }
        catch (Exception exception) when (exception is not OperationCanceledException && !stopped.IsCancellationRequested)
        {
            GraphQLError mistake = UnexpectedFailure.Report(services.Logger, exception);
            await body.SendAsync(output => encoding.Fail(output, [mistake]));
        }
        await CompleteAsync();
    }

    /// <summary>Releases the source of the results.</summary>
    public static async Task DiscardAsync(ResponseStream results)
    {
        await using IAsyncEnumerator<OperationResult> reader = results.ReadResultsAsync().GetAsyncEnumerator(new CancellationToken(canceled: true));
        try
        {
            if (await reader.MoveNextAsync())
                reader.Current.Dispose();
        }
        catch (OperationCanceledException)
        {
            // As it was cancelled.
        }
    }

    private ValueTask CompleteAsync()
    {
        Completing?.Invoke();
        return body.SendAsync(encoding.Complete);
    }

    /// <summary>What the subscription needs is not available at the moment. <c>complete</c> would tell the client not to reconnect.</summary>
    private static bool IsPassing(IReadOnlyList<GraphQLError> errors) =>
        errors is [{ Code: ErrorCodes.Unavailable } error, ..] && error.Extensions.GetValueOrDefault("retryable") is true;

    /// <summary>The source fell behind because this client does: the stream ends, and clients reconnect for the rest.</summary>
    private static bool IsSlowConsumer(IReadOnlyList<GraphQLError> errors) => errors is [{ Code: ErrorCodes.SlowConsumer }, ..];
}
