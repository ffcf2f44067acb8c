namespace Mycelium.Infrastructure.Coordination;

/// <summary>The turns of several nodes. Disposing releases all of them, even when releasing one fails.</summary>
/// <param name="turns">One for each node, in the order in which the nodes were named.</param>
public sealed class RoundTurns(IReadOnlyList<NodeTurn> turns) : IAsyncDisposable
{
    public IReadOnlyList<NodeTurnKind> Kinds { get; } = [.. turns.Select(turn => turn.Kind)];

    /// <summary>The same turn for every node.</summary>
    public static RoundTurns Of(NodeTurn turn, int count) => new([.. Enumerable.Repeat(turn, count)]);

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(turns.Select(async turn => await turn.DisposeAsync().ConfigureAwait(false))).ConfigureAwait(false);
}
