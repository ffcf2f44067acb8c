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
    /// Where the stream is after this result, of a subscription that can be resumed (<see cref="CodeFirst.ResumesWithAttribute"/>); null for anything else.
    /// </summary>
    public string? Cursor { get; internal set; }

    /// <summary>A mutation or subscription came by a transport that may not carry it (HTTP: 405).</summary>
    public virtual bool IsOperationNotAllowed => false;

    /// <summary>
    /// How long a shared cache may give this answer to everybody who asks the same: set when the document is one that everybody finds, all it selects is public
    /// (<c>@cacheControl</c>), and there was no error.
    /// </summary>
    public TimeSpan? PublicMaxAge { get; internal set; }

    /// <summary>The bytes that <see cref="WriteTo"/> writes, where that is known before.</summary>
    internal virtual int? WrittenLength => null;

    /// <summary>Writes the response as one JSON object in UTF-8.</summary>
    public abstract void WriteTo(IBufferWriter<byte> output);

    /// <summary>Returns the buffers; the result is not used afterwards.</summary>
    public abstract void Dispose();
}

/// <summary>
/// The response stream of a subscription, one result for each event, or an answer that is delivered bit by bit: see <see cref="IsIncremental"/>.
/// The reader disposes each result.
/// </summary>
public abstract class ResponseStream : ExecutionResult
{
    /// <summary>
    /// The results are one answer in parts: the first has <c>data</c>, <c>pending</c> and <c>hasNext</c>, the others <c>incremental</c>, <c>completed</c>,
    /// <c>pending</c> and <c>hasNext</c>, false in the last.
    /// </summary>
    public virtual bool IsIncremental => false;

    /// <summary>May be enumerated once. Ends when the source ends; disposing the enumerator cancels the source.</summary>
    public abstract IAsyncEnumerable<OperationResult> ReadResultsAsync();

    /// <summary>
    /// The same, where some results need not be waited for: what many subscribers are told at once is pushed to the receiver, in order with the results that are
    /// read and never while one of those is on its way.
    /// </summary>
    internal virtual IAsyncEnumerable<OperationResult> ReadResultsAsync(IResultReceiver receiver) => ReadResultsAsync();
}

/// <summary>Takes results as they come, without being waited for.</summary>
internal interface IResultReceiver
{
    /// <summary>Takes a result that many share, or refuses it. Called from any thread, one call at a time; returns at once.</summary>
    /// <returns>False when there is no room: what was refused comes as a result that is read.</returns>
    bool TryReceive(OperationResult result);
}
