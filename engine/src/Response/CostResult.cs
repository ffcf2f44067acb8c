using System.Buffers;
using Mycelium.GraphQL.Engine.Errors;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL.Engine.Response;

/// <summary>
/// The response to a request that only asked for its cost (<see cref="CostMode.Validate"/>): nothing was executed, and nothing is wrong.
/// </summary>
internal sealed class CostResult(byte[] operationCost) : OperationResult
{
    /// <summary>So that transports treat it as a success.</summary>
    public override bool HasData => true;

    public override IReadOnlyList<GraphQLError> Errors => [];

    public override void WriteTo(IBufferWriter<byte> output)
    {
        output.Write("{\"extensions\":{"u8);
        output.Write(operationCost);
        output.Write("}}"u8);
    }

    public override void Dispose()
    {
    }
}
