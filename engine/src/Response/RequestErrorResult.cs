using System.Buffers;
using System.Text.Json;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary><see href="https://spec.graphql.org/September2025/#sec-Request-Error-Result"/></summary>
internal sealed class RequestErrorResult(IReadOnlyList<GraphQLError> errors, bool isOperationNotAllowed = false) : OperationResult
{
    public override bool HasData => false;
    public override IReadOnlyList<GraphQLError> Errors => errors;
    public override bool IsOperationNotAllowed => isOperationNotAllowed;

    public override void WriteTo(IBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, ErrorWriter.Options);
        writer.WriteStartObject();
        writer.WritePropertyName("errors"u8);
        ErrorWriter.Write(writer, errors);
        writer.WriteEndObject();
    }

    public override void Dispose()
    {
    }
}
