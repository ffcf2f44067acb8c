using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>
/// <see href="https://html.spec.whatwg.org/multipage/server-sent-events.html"/> with the events of
/// <see href="https://github.com/enisdenjo/graphql-sse/blob/master/PROTOCOL.md"/>. A result of a subscription that can resume has its cursor as
/// <c>id</c>: the browser sends it back as <c>Last-Event-ID</c> when it reconnects.
/// </summary>
/// <param name="id">The operation that a message belongs to, when several share the stream.</param>
/// <param name="isShared">Whether several operations share the stream.</param>
internal sealed class EventStreamEncoding(JsonEncodedText? id, bool isShared) : StreamEncoding
{
    /// <summary>The stream of one operation.</summary>
    public static readonly EventStreamEncoding Distinct = new(null, isShared: false);

    /// <summary>Messages of a shared stream about itself.</summary>
    public static readonly EventStreamEncoding Shared = new(null, isShared: true);

    /// <summary>The messages of one operation in a shared stream.</summary>
    public static EventStreamEncoding Of(string operationId) => new(JsonEncodedText.Encode(operationId), isShared: true);

    public override string ContentType => "text/event-stream; charset=utf-8";

    /// <summary>A comment: some browsers do not open an event stream on its headers alone.</summary>
    public override void Begin(IBufferWriter<byte> output) => Heartbeat(output);

    public override void Next(IBufferWriter<byte> output, OperationResult result)
    {
        output.Write("event: next\n"u8);
        // A shared stream has no single position to resume from.
        if (!isShared && result.Cursor is { } cursor && !cursor.AsSpan().ContainsAny('\n', '\r', '\0'))
        {
            output.Write("id: "u8);
            Encoding.UTF8.GetBytes(cursor, output);
            output.Write("\n"u8);
        }
        BeginData(output);
        result.WriteTo(output);
        EndData(output);
    }

    public override void Heartbeat(IBufferWriter<byte> output) => output.Write(":\n\n"u8);

    /// <summary>With data, if only an empty line: an <c>EventSource</c> drops an event without any.</summary>
    public override void Complete(IBufferWriter<byte> output)
    {
        output.Write("event: complete\ndata:"u8);
        if (id is { } operation)
        {
            output.Write(" {\"id\":\""u8);
            output.Write(operation.EncodedUtf8Bytes);
            output.Write("\"}"u8);
        }
        output.Write("\n\n"u8);
    }

    public override void Fail(IBufferWriter<byte> output, IReadOnlyList<GraphQLError> errors)
    {
        output.Write("event: next\n"u8);
        BeginData(output);
        ErrorJson.WriteResponse(output, errors);
        EndData(output);
    }

    /// <summary>Without <c>complete</c>, which would tell the client not to reconnect.</summary>
    public override void BreakOff(IBufferWriter<byte> output, StreamEnd why)
    {
        if (why.RetryAfter is { } wait)
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"retry: {(long)wait.TotalMilliseconds}\n\n"), output);
        if (why.Error is not { } error)
            return;
        if (isShared)
            Encoding.UTF8.GetBytes($": {error.Code}\n\n", output); // An event would have to belong to an operation.
        else
            Fail(output, [error]);
    }

    private void BeginData(IBufferWriter<byte> output)
    {
        output.Write("data: "u8);
        if (id is not { } operation)
            return;
        output.Write("{\"id\":\""u8);
        output.Write(operation.EncodedUtf8Bytes);
        output.Write("\",\"payload\":"u8);
    }

    private void EndData(IBufferWriter<byte> output)
    {
        if (id is not null)
            output.Write("}"u8);
        output.Write("\n\n"u8);
    }
}
