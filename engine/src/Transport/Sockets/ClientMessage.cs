using System.Text.Json;

namespace Mycelium.GraphQL.Engine.Transport.Sockets;

internal enum ClientMessageType { ConnectionInit, Subscribe, Complete, Ping, Pong }

/// <summary>A message of <c>graphql-transport-ws</c> from the client; its payload is still JSON text, since the type may come after it.</summary>
internal readonly ref struct ClientMessage
{
    public ClientMessageType Type { get; private init; }

    /// <summary>Set for <see cref="ClientMessageType.Subscribe"/> and <see cref="ClientMessageType.Complete"/>.</summary>
    public string Id { get; private init; }

    /// <summary>A JSON object; empty when it was null or not given.</summary>
    public ReadOnlySpan<byte> Payload { get; private init; }

    /// <returns>What is wrong, or null.</returns>
    public static string? Read(ReadOnlySpan<byte> json, GraphQLTransportOptions options, out ClientMessage message)
    {
        message = default;
        if (JsonText.FindFault(json) is not null)
            return "not text";

        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = options.MaxJsonDepth });
        try
        {
            reader.Read();
            return reader.TokenType == JsonTokenType.StartObject ? ReadObject(ref reader, json, options.MaxOperationIdLength, out message) : "not an object";
        }
        catch (JsonException)
        {
            return "not JSON";
        }
    }

    private static string? ReadObject(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json, int maxIdLength, out ClientMessage message)
    {
        message = default;
        string? typeName = null, id = null;
        ReadOnlySpan<byte> payload = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
                typeName = ReadString(ref reader);
            else if (reader.ValueTextEquals("id"u8))
                id = ReadString(ref reader);
            else if (reader.ValueTextEquals("payload"u8))
                payload = ReadRaw(ref reader, json);
            else
                reader.Skip();
        }
        reader.Read(); // Throws when something follows the object.

        if (TypeOf(typeName) is not { } type)
            return "unknown type";
        if (!payload.IsEmpty && payload[0] != '{')
            return "payload is not an object";
        if (type is ClientMessageType.Subscribe or ClientMessageType.Complete && (string.IsNullOrEmpty(id) || id.Length > maxIdLength))
            return "id is missing, empty or too long";

        message = new ClientMessage { Type = type, Id = id ?? "", Payload = payload };
        return null;
    }

    private static ClientMessageType? TypeOf(string? name) => name switch
    {
        "connection_init" => ClientMessageType.ConnectionInit,
        "subscribe" => ClientMessageType.Subscribe,
        "complete" => ClientMessageType.Complete,
        "ping" => ClientMessageType.Ping,
        "pong" => ClientMessageType.Pong,
        _ => null,
    };

    private static string? ReadString(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
            return reader.GetString();
        reader.Skip();
        return null;
    }

    private static ReadOnlySpan<byte> ReadRaw(scoped ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return default;
        int start = (int)reader.TokenStartIndex;
        reader.Skip();
        return json[start..(int)reader.BytesConsumed];
    }
}
