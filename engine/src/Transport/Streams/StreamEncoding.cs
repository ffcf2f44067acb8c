using System.Buffers;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>
/// How several results follow one another in one HTTP body. Each message is complete: a reader can act on it as soon as it arrives.
/// </summary>
internal abstract class StreamEncoding
{
    public abstract string ContentType { get; }

    /// <summary>Sent with the headers, so that browsers and proxies see the response start.</summary>
    public abstract void Begin(IBufferWriter<byte> output);

    public abstract void Next(IBufferWriter<byte> output, OperationResult result);

    /// <summary>A heartbeat: keeps a quiet connection from being taken for a dead one.</summary>
    public abstract void Heartbeat(IBufferWriter<byte> output);

    /// <summary>The operation has no more results.</summary>
    public abstract void Complete(IBufferWriter<byte> output);

    /// <summary>The operation ends with errors of its own. <see cref="Complete"/> follows.</summary>
    public abstract void Fail(IBufferWriter<byte> output, IReadOnlyList<GraphQLError> errors);

    /// <summary>The connection ends but the operation does not; the client may reconnect.</summary>
    public abstract void BreakOff(IBufferWriter<byte> output, StreamEnd why);
}
