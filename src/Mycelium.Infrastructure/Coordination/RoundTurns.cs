namespace Mycelium.Infrastructure.Coordination;

/// <summary>The answer to asking for the turns of several nodes at once. Disposing lets all of them go.</summary>
/// <param name="kinds">For each node, in the order in which they were named.</param>
/// <param name="held">What is to be let go, if anything.</param>
public sealed class RoundTurns(IReadOnlyList<NodeTurnKind> kinds, IAsyncDisposable? held = null) : IAsyncDisposable
{
    public IReadOnlyList<NodeTurnKind> Kinds { get; } = kinds;

    /// <summary>The same for all.</summary>
    public static RoundTurns Of(NodeTurnKind kind, int count) => new([.. Enumerable.Repeat(kind, count)]);

    public ValueTask DisposeAsync() => held?.DisposeAsync() ?? ValueTask.CompletedTask;
}
