using System.Buffers;
using System.Globalization;
using System.Text;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Transport.Batching;

/// <summary>The result of one entry, already as JSON. In a stream it says which entry it belongs to.</summary>
internal sealed class BatchResult(BatchEntry entry, ResponseBuffer json, bool hasData, IReadOnlyList<GraphQLError> errors) : OperationResult
{
    public override bool HasData => hasData;
    public override IReadOnlyList<GraphQLError> Errors => errors;

    public override void WriteTo(IBufferWriter<byte> output)
    {
        output.Write("{"u8);
        WriteIndex(output, "requestIndex", entry.RequestIndex);
        WriteIndex(output, "variableIndex", entry.VariableIndex);
        output.Write(json.Written[1..]); // A result is an object, and has at least one entry.
    }

    /// <summary>In a list, its position says which entry it belongs to.</summary>
    public void WritePlainTo(IBufferWriter<byte> output) => output.Write(json.Written);

    public override void Dispose() => json.Dispose();

    private static void WriteIndex(IBufferWriter<byte> output, string name, int? index)
    {
        if (index is { } number)
            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\"{name}\":{number},"), output);
    }
}
