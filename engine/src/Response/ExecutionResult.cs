using System.Buffers;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Response"/></summary>
public abstract class ExecutionResult;

/// <summary>One response: an execution result, or a request error result (which has no <c>data</c> entry).</summary>
public abstract class OperationResult : ExecutionResult, IDisposable
{
    /// <summary>False for request errors: nothing was executed.</summary>
    public abstract bool HasData { get; }

    public abstract IReadOnlyList<GraphQLError> Errors { get; }

    /// <summary>
    /// The position of the stream after this result, for a subscription that can resume (<see cref="CodeFirst.ResumesWithAttribute"/>); null for
    /// anything else.
    /// </summary>
    public string? Cursor { get; internal set; }

    /// <summary>A mutation or subscription was sent over a transport that does not allow it (HTTP: 405).</summary>
    public virtual bool IsOperationNotAllowed => false;

    /// <summary>
    /// How long a shared cache may give this response to everyone who sends the same request. Set when everyone can find the document, everything it
    /// selects is public (<c>@cacheControl</c>), and there was no error.
    /// </summary>
    public TimeSpan? PublicMaxAge { get; internal set; }

    /// <summary>The number of bytes that <see cref="WriteTo"/> writes, if known in advance.</summary>
    internal virtual int? WrittenLength => null;

    /// <summary>Writes the response as one JSON object in UTF-8.</summary>
    public abstract void WriteTo(IBufferWriter<byte> output);

    /// <summary>Returns the buffers; the result must not be used afterwards.</summary>
    public abstract void Dispose();
}

/// <summary>
/// The response stream of a subscription, one result for each event, or a response delivered in parts: see <see cref="IsIncremental"/>. The reader
/// disposes each result.
/// </summary>
public abstract class ResponseStream : ExecutionResult
{
    /// <summary>
    /// The results are one response in parts: the first has <c>data</c>, <c>pending</c> and <c>hasNext</c>, the others <c>incremental</c>,
    /// <c>completed</c>, <c>pending</c> and <c>hasNext</c>, which is false in the last.
    /// </summary>
    public virtual bool IsIncremental => false;

    /// <summary>May be enumerated once. Ends when the source ends; disposing the enumerator cancels the source.</summary>
    public abstract IAsyncEnumerable<OperationResult> ReadResultsAsync();

    /// <summary>
    /// The same, with some results pushed: what many subscribers receive at the same time is pushed to the receiver, in order with the results that
    /// are read and never while one of those is being delivered.
    /// </summary>
    internal virtual IAsyncEnumerable<OperationResult> ReadResultsAsync(IResultReceiver receiver) => ReadResultsAsync();
}

/// <summary>Receives pushed results.</summary>
internal interface IResultReceiver
{
    /// <summary>Accepts a shared result, or rejects it. Called from any thread, one call at a time; returns immediately.</summary>
    /// <returns>False when there is no room: the result is then delivered by reading.</returns>
    bool TryReceive(OperationResult result);
}
