using System.Buffers;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>
/// A message queued for one socket: one of its own, or a shared result after a prefix with this operation's id. A shared one holds no buffer while it
/// waits.
/// </summary>
internal readonly struct Outgoing : IDisposable
{
    private readonly object content;
    private readonly byte[] prefix;

    public Outgoing(ServerMessage message)
    {
        content = message;
        prefix = [];
    }

    /// <param name="result">The result that all subscribers receive.</param>
    /// <param name="prefix">From <see cref="ServerMessage.NextPrefix"/>.</param>
    public Outgoing(SharedResult result, byte[] prefix)
    {
        content = result;
        this.prefix = prefix;
    }

    public int Length => content is ServerMessage message ? message.Length : prefix.Length + ((SharedResult)content).Json.Length + ServerMessage.Suffix.Length;

    /// <summary>The bytes to send, and the array to return to the pool afterwards, if there is one.</summary>
    public ReadOnlyMemory<byte> Frame(out byte[]? rented)
    {
        rented = null;
        if (content is ServerMessage message)
            return message.Memory;

        var result = (SharedResult)content;
        if (result.Frame(prefix, ServerMessage.Suffix) is { } common)
            return common;
        int length = Length;
        rented = ArrayPool<byte>.Shared.Rent(length);
        prefix.CopyTo(rented, 0);
        result.Json.CopyTo(rented.AsMemory(prefix.Length));
        ServerMessage.Suffix.CopyTo(rented.AsSpan(length - ServerMessage.Suffix.Length));
        return rented.AsMemory(0, length);
    }

    public void Dispose() => (content as ServerMessage)?.Dispose();
}
