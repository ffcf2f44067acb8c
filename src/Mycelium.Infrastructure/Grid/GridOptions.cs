namespace Mycelium.Infrastructure.Grid;

/// <summary>Which grid to read, and how patiently: section <c>Grid</c>.</summary>
public sealed class GridOptions
{
    public const string Section = "Grid";

    /// <summary>GridProxy's address. <c>https://gridproxy.grid.tf</c> is the main grid's; null reads no grid, and what is stored is served as it is.</summary>
    public Uri? BaseUrl { get; set; }

    /// <summary>From the end of one pass to the beginning of the next. The grid's own indexers look every 5 minutes or more, so faster than a minute finds little.</summary>
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>After a pass that failed the interval doubles, up to this.</summary>
    public TimeSpan SyncIntervalMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A row whose <c>CapacityAsOf</c> is older is written again though nothing else changed. The grid's own indexers look every 5 minutes or more; to
    /// write every row at every pass would cost the database and tell nobody anything.
    /// </summary>
    public TimeSpan FreshnessStep { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Records a page: 500 nodes are about 1.2 MB.</summary>
    public int PageSize { get; set; } = 500;

    /// <summary>What one attempt at one request may take, the reading of its answer included.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often a request is tried again after an answer that another attempt may better.</summary>
    public int RetryCountMax { get; set; } = 3;

    /// <summary>Before the first retry; it doubles from there, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A longer answer is not read to its end.</summary>
    public int AnswerBytesMax { get; set; } = 8 * 1_024 * 1_024;

    /// <summary>Where half of at least this many requests within 30 s fail, the grid is left alone for <see cref="BreakTime"/>.</summary>
    public int BreakerRequestsMin { get; set; } = 8;

    public TimeSpan BreakTime { get; set; } = TimeSpan.FromSeconds(15);
}
