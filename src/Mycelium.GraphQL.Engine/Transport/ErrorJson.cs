using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.GraphQL.Engine.Language;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Writes errors that no operation result carries: those of the transport, and the payload of an <c>error</c> message.</summary>
internal static class ErrorJson
{
    // Quotes and letters as they are: the content type says that this is never HTML.
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes <c>{"errors":[…]}</c>.</summary>
    public static void WriteResponse(IBufferWriter<byte> output, GraphQLError error)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        writer.WriteStartObject();
        writer.WritePropertyName("errors"u8);
        WriteAll(writer, [error]);
        writer.WriteEndObject();
    }

    /// <summary>Writes <c>[…]</c>.</summary>
    public static void WriteList(IBufferWriter<byte> output, IReadOnlyList<GraphQLError> errors)
    {
        using var writer = new Utf8JsonWriter(output, Options);
        WriteAll(writer, errors);
    }

    private static void WriteAll(Utf8JsonWriter writer, IReadOnlyList<GraphQLError> errors)
    {
        writer.WriteStartArray();
        foreach (GraphQLError error in errors)
            Write(writer, error);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, GraphQLError error)
    {
        writer.WriteStartObject();
        writer.WriteString("message"u8, error.Message);
        if (error.Locations.Count > 0)
            WriteLocations(writer, error.Locations);
        if (error.Path is { } path)
            WritePath(writer, path);

        writer.WriteStartObject("extensions"u8);
        writer.WriteString("code"u8, error.Code);
        foreach ((string name, object? value) in error.Extensions)
        {
            writer.WritePropertyName(name);
            JsonSerializer.Serialize(writer, value);
        }
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteLocations(Utf8JsonWriter writer, IReadOnlyList<SourceLocation> locations)
    {
        writer.WriteStartArray("locations"u8);
        foreach (SourceLocation location in locations)
        {
            writer.WriteStartObject();
            writer.WriteNumber("line"u8, location.Line);
            writer.WriteNumber("column"u8, location.Column);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WritePath(Utf8JsonWriter writer, ResponsePath path)
    {
        writer.WriteStartArray("path"u8);
        foreach (object segment in path.ToList())
        {
            if (segment is int index)
                writer.WriteNumberValue(index);
            else
                writer.WriteStringValue((string)segment);
        }
        writer.WriteEndArray();
    }
}
