namespace Mycelium.Domain.Grids;

/// <summary>How current the data of a grid is.</summary>
public enum GridStatus
{
    /// <summary>The grid was read completely within the last minutes.</summary>
    UpToDate,

    /// <summary>The grid has not been read completely for longer than that; its nodes are shown as they were at <c>capacityAsOf</c>.</summary>
    Behind,

    /// <summary>The grid has never been read completely; nodes may be missing.</summary>
    NeverRead,
}
