using System.Buffers;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

/// <summary>A message of <c>graphql-transport-ws</c> to the client, complete in a pooled buffer. The last owner disposes it.</summary>
internal sealed class ServerMessage : IBufferWriter<byte>, IDisposable
{
    private byte[] buffer = ArrayPool<byte>.Shared.Rent(512);

    private ServerMessage()
    {
    }

    public int Length { get; private set; }
    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, Length);

    /// <summary>The end of a message with a payload.</summary>
    public static ReadOnlySpan<byte> Suffix => "}"u8;

    /// <summary>The start of the operation's <c>next</c> messages: the response and <see cref="Suffix"/> follow.</summary>
    public static byte[] NextPrefix(JsonEncodedText id) => [.. "{\"id\":\""u8, .. id.EncodedUtf8Bytes, .. "\",\"type\":\"next\",\"payload\":"u8];

    public static ServerMessage ConnectionAck() => Of("""{"type":"connection_ack"}"""u8);
    public static ServerMessage Ping() => Of("""{"type":"ping"}"""u8);
    public static ServerMessage Pong() => Of("""{"type":"pong"}"""u8);

    public static ServerMessage Next(JsonEncodedText id, OperationResult result)
    {
        ServerMessage message = Begin(id, "next"u8);
        message.Write(",\"payload\":"u8);
        result.WriteTo(message);
        message.Write("}"u8);
        return message;
    }

    public static ServerMessage Error(JsonEncodedText id, IReadOnlyList<GraphQLError> errors)
    {
        ServerMessage message = Begin(id, "error"u8);
        message.Write(",\"payload\":"u8);
        ErrorJson.WriteList(message, errors);
        message.Write("}"u8);
        return message;
    }

    public static ServerMessage Complete(JsonEncodedText id)
    {
        ServerMessage message = Begin(id, "complete"u8);
        message.Write("}"u8);
        return message;
    }

    public void Advance(int count) => Length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Grow(sizeHint);
        return buffer.AsMemory(Length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Grow(sizeHint);
        return buffer.AsSpan(Length);
    }

    public void Dispose()
    {
        byte[] returned = Interlocked.Exchange(ref buffer, []);
        if (returned.Length > 0)
            ArrayPool<byte>.Shared.Return(returned);
    }

    private static ServerMessage Of(ReadOnlySpan<byte> text)
    {
        var message = new ServerMessage();
        message.Write(text);
        return message;
    }

    private static ServerMessage Begin(JsonEncodedText id, ReadOnlySpan<byte> type)
    {
        var message = new ServerMessage();
        message.Write("{\"id\":\""u8);
        message.Write(id.EncodedUtf8Bytes);
        message.Write("\",\"type\":\""u8);
        message.Write(type);
        message.Write("\""u8);
        return message;
    }

    private void Grow(int sizeHint)
    {
        int needed = Length + Math.Max(sizeHint, 1);
        if (needed <= buffer.Length)
            return;

        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, buffer.Length * 2));
        Memory.CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
