using System.Buffers;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Streams;

/// <summary>How several results follow one another in one HTTP body. Each message is whole: a reader can act upon it when it has come.</summary>
internal abstract class StreamEncoding
{
    public abstract string ContentType { get; }

    /// <summary>What comes with the headers, so that browsers and proxies see the answer begin.</summary>
    public abstract void Begin(IBufferWriter<byte> output);

    public abstract void Next(IBufferWriter<byte> output, OperationResult result);

    /// <summary>Says nothing, and keeps a quiet connection from being taken for a dead one.</summary>
    public abstract void Heartbeat(IBufferWriter<byte> output);

    /// <summary>Nothing more comes of the operation.</summary>
    public abstract void Complete(IBufferWriter<byte> output);

    /// <summary>The operation ends with errors of its own. <see cref="Complete"/> follows.</summary>
    public abstract void Fail(IBufferWriter<byte> output, IReadOnlyList<GraphQLError> errors);

    /// <summary>The connection ends though the operation has not; the client may come back.</summary>
    public abstract void BreakOff(IBufferWriter<byte> output, StreamEnd why);
}
