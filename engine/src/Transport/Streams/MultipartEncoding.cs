using System.Buffers;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>
/// Results as parts of <c>multipart/mixed</c>. The boundary that ends a part is sent with it, since clients read up to there.
/// <see href="https://github.com/graphql/graphql-over-http/blob/main/rfcs/IncrementalDelivery.md"/>
/// </summary>
internal sealed class MultipartEncoding : StreamEncoding
{
    /// <summary>Each part is a result.</summary>
    public static readonly MultipartEncoding Plain = new("multipart/mixed; boundary=\"-\"", "\r\n---"u8, wraps: false);

    /// <summary>
    /// Each part holds a result as <c>payload</c>, or no payload and errors of the transport; an empty object is a heartbeat.
    /// <see href="https://www.apollographql.com/docs/graphos/routing/operations/subscriptions/multipart-protocol"/>
    /// </summary>
    public static readonly MultipartEncoding Subscription = new("multipart/mixed;boundary=\"graphql\";subscriptionSpec=1.0", "\r\n--graphql"u8, wraps: true);

    private readonly byte[] delimiter;
    private readonly bool wraps;

    private MultipartEncoding(string contentType, ReadOnlySpan<byte> delimiter, bool wraps) =>
        (ContentType, this.delimiter, this.wraps) = (contentType, delimiter.ToArray(), wraps);

    public override string ContentType { get; }

    public override void Begin(IBufferWriter<byte> output) => output.Write(delimiter);

    public override void Next(IBufferWriter<byte> output, OperationResult result)
    {
        BeginPart(output);
        if (wraps)
            output.Write("{\"payload\":"u8);
        result.WriteTo(output);
        if (wraps)
            output.Write("}"u8);
        output.Write(delimiter);
    }

    /// <summary>Only parts may be sent between parts. Clients that read plain parts take each one for a result, so they get no heartbeats.</summary>
    public override void Heartbeat(IBufferWriter<byte> output)
    {
        if (!wraps)
            return;
        BeginPart(output);
        output.Write("{}"u8);
        output.Write(delimiter);
    }

    public override void Complete(IBufferWriter<byte> output) => output.Write("--\r\n"u8);

    public override void Fail(IBufferWriter<byte> output, IReadOnlyList<GraphQLError> errors)
    {
        BeginPart(output);
        if (wraps)
            ErrorJson.WriteTransportErrors(output, errors);
        else
            ErrorJson.WriteResponse(output, errors);
        output.Write(delimiter);
    }

    public override void BreakOff(IBufferWriter<byte> output, StreamEnd why)
    {
        if (why.Error is { } error)
            Fail(output, [error]);
        Complete(output);
    }

    private static void BeginPart(IBufferWriter<byte> output) => output.Write("\r\nContent-Type: application/json; charset=utf-8\r\n\r\n"u8);
}
