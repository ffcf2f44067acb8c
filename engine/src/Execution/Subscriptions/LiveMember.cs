using Mycelium.GraphQL.Engine.Response;

namespace Mycelium.GraphQL.Engine.Execution;

/// <summary>A subscriber while it is in its group.</summary>
/// <param name="receiver">Receives the results.</param>
/// <param name="position">Its position: it has already received everything up to here.</param>
internal sealed class LiveMember(IResultReceiver receiver, long position)
{
    private readonly TaskCompletionSource<OperationResult?> left = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>It has received everything up to this place. Only written by the group, one event after another.</summary>
    public long Position { get; set; } = position;

    /// <summary>Its current group, and its index there; maintained by <see cref="LiveGroup"/>.</summary>
    public LiveGroup? Group { get; set; }

    /// <inheritdoc cref="Group"/>
    public int Index { get; set; }

    /// <summary>Completes once it has left: with the last result of the stream, or null when it continues alone.</summary>
    public Task<OperationResult?> WhenLeft => left.Task;

    public bool HasLeft => left.Task.IsCompleted;

    public bool TryReceive(OperationResult result) => receiver.TryReceive(result);

    public void Left(OperationResult? last) => left.TrySetResult(last);
}
