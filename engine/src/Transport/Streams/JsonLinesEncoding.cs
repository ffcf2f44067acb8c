using System.Buffers;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>One result per line. An empty line is a heartbeat.</summary>
internal sealed class JsonLinesEncoding : StreamEncoding
{
    public static readonly JsonLinesEncoding Instance = new();

    public override string ContentType => "application/jsonl; charset=utf-8";

    public override void Begin(IBufferWriter<byte> output)
    {
        // The first line is enough.
    }

    public override void Next(IBufferWriter<byte> output, OperationResult result)
    {
        result.WriteTo(output);
        output.Write("\n"u8);
    }

    public override void Heartbeat(IBufferWriter<byte> output) => output.Write("\n"u8);

    public override void Complete(IBufferWriter<byte> output)
    {
        // The end of the body is enough.
    }

    public override void Fail(IBufferWriter<byte> output, IReadOnlyList<GraphQLError> errors)
    {
        ErrorJson.WriteResponse(output, errors);
        output.Write("\n"u8);
    }

    public override void BreakOff(IBufferWriter<byte> output, StreamEnd why)
    {
        if (why.Error is { } error)
            Fail(output, [error]);
    }
}
