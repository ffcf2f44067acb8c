using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Response;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Tests.Transport;

/// <summary>
/// Responds according to the text of the query: the transport only knows an executor by its interface, so tests can request every outcome here.
/// </summary>
internal sealed class StubExecutor : IRequestExecutor
{
    private readonly ConcurrentDictionary<string, Func<GraphQLRequest, CancellationToken, ValueTask<ExecutionResult>>> answers = new()
    {
        ["{ hello }"] = (_, _) => new(StubResult.Data("""{"hello":"world"}""")),
    };

    public Schema Schema => throw new NotSupportedException("The transport asks for no schema.");

    /// <summary>The requests received, in order.</summary>
    public ConcurrentQueue<GraphQLRequest> Requests { get; } = [];

    public StubExecutor Answer(string query, ExecutionResult result) => Answer(query, (_, _) => new(result));

    public StubExecutor Answer(string query, Func<GraphQLRequest, CancellationToken, ValueTask<ExecutionResult>> answer)
    {
        answers[query] = answer;
        return this;
    }

    /// <summary>A query that never ends by itself; the signal says that it has started, the task that it was cancelled.</summary>
    public (Task Begun, Task Cancelled) AnswerNever(string query)
    {
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Answer(query, async (_, cancellation) =>
        {
            begun.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            catch (OperationCanceledException)
            {
                cancelled.TrySetResult();
                throw;
            }
            return StubResult.Data("{}");
        });
        return (begun.Task, cancelled.Task);
    }

    public ValueTask<ExecutionResult> ExecuteAsync(GraphQLRequest request, CancellationToken cancellation = default)
    {
        Requests.Enqueue(request);
        string text = request.Query ?? "id:" + request.DocumentId;
        bool isRefused = (text.StartsWith("mutation", StringComparison.Ordinal) && !request.Allowed.HasFlag(AllowedOperations.Mutation))
            || (text.StartsWith("subscription", StringComparison.Ordinal) && !request.Allowed.HasFlag(AllowedOperations.Subscription));
        if (isRefused)
            return new(new StubResult("{}", hasData: false, isOperationNotAllowed: true));
        return answers.TryGetValue(text, out var answer)
            ? answer(request, cancellation)
            : new(StubResult.RequestError("no such query", ErrorCodes.ValidationFailed));
    }
}

internal sealed class StubResult(string json, bool hasData, GraphQLError? error = null, bool isOperationNotAllowed = false) : OperationResult
{
    public override bool HasData => hasData;
    public override IReadOnlyList<GraphQLError> Errors => error is null ? [] : [error];
    public override bool IsOperationNotAllowed => isOperationNotAllowed;

    public static StubResult Data(string data) => new($$"""{"data":{{data}}}""", hasData: true);

    public static StubResult RequestError(string message, string code) => new(
        $$$"""{"errors":[{"message":"{{{message}}}","extensions":{"code":"{{{code}}}"}}]}""", hasData: false, new GraphQLError(message, code));

    public override void WriteTo(IBufferWriter<byte> output) => Encoding.UTF8.GetBytes(json, output);

    public override void Dispose()
    {
    }
}

/// <summary>Returns what the source returns.</summary>
internal sealed class StubStream(IAsyncEnumerable<string> source, bool isIncremental = false) : ResponseStream
{
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the transport has released the source.</summary>
    public Task Ended => ended.Task;

    public override bool IsIncremental => isIncremental;

    /// <summary>Each result has this cursor, with its number in place of <c>{0}</c>.</summary>
    public string? CursorFormat { get; init; }

    public override IAsyncEnumerable<OperationResult> ReadResultsAsync() => Read();

    private async IAsyncEnumerable<OperationResult> Read([EnumeratorCancellation] CancellationToken cancellation = default)
    {
        try
        {
            int number = 0;
            await foreach (string data in source.WithCancellation(cancellation))
            {
                StubResult result = StubResult.Data(data);
                result.Cursor = CursorFormat?.Replace("{0}", $"{++number}", StringComparison.Ordinal);
                yield return result;
            }
        }
        finally
        {
            ended.TrySetResult();
        }
    }
}
