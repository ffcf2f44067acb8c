using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Writes errors outside of operation results: those of the transport, and the payload of an <c>error</c> message.</summary>
internal static class ErrorJson
{
    // Quotes and letters are not escaped: the content type says that this is never HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>{"errors":[…]}</c>.</summary>
    public static void WriteResponse(IBufferWriter<byte> output, params IReadOnlyList<GraphQLError> errors)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WritePropertyName("errors"u8);
        ErrorWriter.Write(writer, errors);
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>{"payload":null,"errors":[…]}</c>: errors next to a payload are those of the transport, not of an operation.</summary>
    public static void WriteTransportErrors(IBufferWriter<byte> output, IReadOnlyList<GraphQLError> errors)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WriteNull("payload"u8);
        writer.WritePropertyName("errors"u8);
        ErrorWriter.Write(writer, errors);
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>[…]</c>.</summary>
    public static void WriteList(IBufferWriter<byte> output, IReadOnlyList<GraphQLError> errors)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        ErrorWriter.Write(writer, errors);
    }
}
