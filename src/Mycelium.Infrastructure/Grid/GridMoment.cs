using Mycelium.Domain.Grids;

namespace Mycelium.Infrastructure.Grid;

/// <summary>Of which grid a reading is, when it began, and its number: of two readings of a grid the higher one is the newer.</summary>
public sealed record GridMoment(GridIdentity Grid, DateTimeOffset At, long Sequence);
