namespace Mycelium.Domain.Grids;

/// <summary>More than half of a grid's nodes are missing. They vanish only after an operator has confirmed it.</summary>
/// <param name="KnownCount">The grid's nodes, without those that had already vanished.</param>
/// <param name="RemainingCount">How many of those the grid still lists.</param>
/// <param name="Since">When the first pass found so few.</param>
/// <param name="IsConfirmed">An operator has confirmed it: the missing nodes vanish after the third pass that finds at least as many nodes remaining.</param>
public sealed record GridShrink(int KnownCount, int RemainingCount, DateTimeOffset Since, bool IsConfirmed);

/// <summary>The possible results of confirming a shrink.</summary>
public interface IConfirmGridShrinkResult;

/// <summary>Confirmed: the next passes accept that the missing nodes are gone.</summary>
public sealed record GridShrinkConfirmed(string Grid, GridShrink Shrink) : IConfirmGridShrinkResult;

/// <summary>There is no shrink of the grid to confirm.</summary>
public sealed record GridNotShrinking(string Grid) : IConfirmGridShrinkResult, IProblem
{
    public string Message => $"The grid {Grid} lists more than half of its nodes; there is nothing to confirm.";
    public ProblemCode Code => ProblemCode.GridNotShrinking;
}

/// <summary>The number of nodes that the grid lists has changed since the caller looked.</summary>
public sealed record GridShrinkChanged(string Grid, GridShrink Shrink) : IConfirmGridShrinkResult, IProblem
{
    public string Message => $"The grid {Grid} now lists {Shrink.RemainingCount} of {Shrink.KnownCount} nodes; confirm that number if it is right.";
    public ProblemCode Code => ProblemCode.GridShrinkChanged;
}
