using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A subscriber while it is in its group.</summary>
/// <param name="receiver">Takes the results.</param>
/// <param name="position">Where it joins: it has received everything up to here by itself.</param>
internal sealed class LiveMember(IResultReceiver receiver, long position)
{
    private readonly TaskCompletionSource<OperationResult?> left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It has received everything up to this position. Written by the group alone, one event after the other.</summary>
    public long Position { get; set; } = position;

    /// <summary>Its group while it is in one, and its place there; kept by <see cref="LiveGroup"/>.</summary>
    public LiveGroup? Group { get; set; }

    /// <inheritdoc cref="Group"/>
    public int Index { get; set; }

    /// <summary>Done once it has left: with the last result of the stream, or null when it continues by itself.</summary>
    public Task<OperationResult?> WhenLeft => left.Task;

    public bool HasLeft => left.Task.IsCompleted;

    public bool TryReceive(OperationResult result) => receiver.TryReceive(result);

    public void Left(OperationResult? last) => left.TrySetResult(last);
}
