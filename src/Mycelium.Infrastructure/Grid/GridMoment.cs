using Mycelium.Domain.Grids;

namespace Mycelium.Infrastructure.Grid;

/// <summary>One reading of a grid: its grid, start and sequence; the higher sequence is newer.</summary>
public sealed record GridMoment(GridIdentity Grid, DateTimeOffset At, long Sequence);
