using System.Buffers;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>What all executions against one schema share.</summary>
internal sealed record ExecutionServices(Schema Schema, RequestOptions Options, ErrorMapper Errors, TimeProvider Clock, ArrayPool<byte> Buffers)
{
    public LiveGroups Groups { get; } = new();

    public required EngineTelemetry Telemetry { get; init; }
}
