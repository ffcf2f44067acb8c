namespace Mycelium.Domain.Grids;

/// <summary>A grid that no longer lists more than half of its nodes. It is not believed before an operator confirms it.</summary>
/// <param name="KnownCount">Nodes of the grid that had not vanished.</param>
/// <param name="RemainingCount">Of those, the nodes that the grid still lists.</param>
/// <param name="Since">The first pass that found so few.</param>
/// <param name="IsConfirmed">An operator has confirmed it: the missing nodes vanish with the third pass that finds at least as many remaining.</param>
public sealed record GridShrink(int KnownCount, int RemainingCount, DateTimeOffset Since, bool IsConfirmed);

/// <summary>Everything that confirming a shrink can lead to.</summary>
public interface IConfirmGridShrinkResult;

/// <summary>The next passes believe that the missing nodes are gone.</summary>
public sealed record GridShrinkConfirmed(string Grid, GridShrink Shrink) : IConfirmGridShrinkResult;

/// <summary>No shrink of the grid waits to be confirmed.</summary>
public sealed record GridNotShrinking(string Grid) : IConfirmGridShrinkResult, IProblem
{
    public string Message => $"The grid {Grid} lists more than half of its nodes; there is nothing to confirm.";
    public ProblemCode Code => ProblemCode.GridNotShrinking;
}

/// <summary>The grid lists another number of its nodes than the caller saw.</summary>
public sealed record GridShrinkChanged(string Grid, GridShrink Shrink) : IConfirmGridShrinkResult, IProblem
{
    public string Message => $"The grid {Grid} now lists {Shrink.RemainingCount} of {Shrink.KnownCount} nodes; confirm that number if it is right.";
    public ProblemCode Code => ProblemCode.GridShrinkChanged;
}
