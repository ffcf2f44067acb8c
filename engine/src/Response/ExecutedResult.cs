using System.Buffers;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary>The response of an executed operation. Its data is already JSON.</summary>
internal sealed class ExecutedResult(
    ResponseBuffer data, IReadOnlyList<GraphQLError> errors, IReadOnlyDictionary<string, object?>? extensions,
    byte[]? operationCost = null) : OperationResult
{
    private bool isDisposed;
    private IReadOnlyList<PendingNotice>? pending;

    /// <summary>Bytes of the data.</summary>
    public int Length => data.Count;

    /// <summary>Makes this the first of several results.</summary>
    public ExecutedResult With(IReadOnlyList<PendingNotice> notices)
    {
        pending = notices;
        return this;
    }

    public override bool HasData => true;
    public override IReadOnlyList<GraphQLError> Errors => errors;

    internal override int? WrittenLength => errors.Count > 0 || extensions is { Count: > 0 } || pending is not null
        ? null
        : Start.Length + data.Count + (operationCost is null ? 0 : ExtensionsStart.Length + operationCost.Length + End.Length) + End.Length;

    public override void WriteTo(IBufferWriter<byte> output)
    {
        ObjectDisposedException.ThrowIf(isDisposed, this);
        if (errors.Count == 0)
        {
            output.Write(Start);
        }
        else
        {
            output.Write("{\"errors\":"u8);
            WriteJson(output, writer => ErrorWriter.Write(writer, errors));
            output.Write(",\"data\":"u8);
        }
        output.Write(data.Written);
        if (operationCost is not null || extensions is { Count: > 0 })
            WriteExtensions(output);
        if (pending is not null)
            WritePending(output, pending);
        output.Write(End);
    }

    /// <summary>The cost is already JSON, and usually the only entry.</summary>
    private void WriteExtensions(IBufferWriter<byte> output)
    {
        output.Write(ExtensionsStart);
        output.Write(operationCost);
        if (extensions is { Count: > 0 })
        {
            var others = new ArrayBufferWriter<byte>();
            WriteJson(others, writer => ErrorWriter.WriteValue(writer, extensions));
            if (operationCost is not null)
                output.Write(","u8);
            output.Write(others.WrittenSpan[1..^1]);
        }
        output.Write(End);
    }

    public override void Dispose()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        data.Dispose();
    }

    private static ReadOnlySpan<byte> Start => "{\"data\":"u8;
    private static ReadOnlySpan<byte> ExtensionsStart => ",\"extensions\":{"u8;
    private static ReadOnlySpan<byte> End => "}"u8;

    private static void WritePending(IBufferWriter<byte> output, IReadOnlyList<PendingNotice> pending)
    {
        output.Write(",\"pending\":"u8);
        WriteJson(output, writer => IncrementalResult.WritePending(writer, pending));
        output.Write(",\"hasNext\":true"u8);
    }

    private static void WriteJson(IBufferWriter<byte> output, Action<Utf8JsonWriter> write)
    {
        using var writer = new Utf8JsonWriter(output, ErrorWriter.Options);
        write(writer);
    }
}
