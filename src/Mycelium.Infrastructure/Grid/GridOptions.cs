namespace Mycelium.Infrastructure.Grid;

/// <summary>How often and how patiently grids are read: section <c>Grid</c>, for all of them. Where they are is in <see cref="GridAddresses"/>.</summary>
public sealed class GridOptions
{
    public const string Section = "Grid";

    /// <summary>
    /// Short for <c>Grids:main:BaseUrl</c>. <see cref="GridAddresses"/> reads it by this name; it is a property so that the section's settings are all listed
    /// here.
    /// </summary>
    public string? BaseUrl { get; set; }

    /// <summary>
    /// From the end of one pass to the beginning of the next. The grid's own indexers look every 5 minutes or more, so faster than a minute finds little.
    /// </summary>
    public TimeSpan SyncInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Another replica's pass that began less than this ago counts as ours. Less than the interval, since loops start with jitter.</summary>
    public TimeSpan NotWithin => SyncInterval * 0.8;

    /// <summary>After a pass that failed the interval doubles, up to this.</summary>
    public TimeSpan SyncIntervalMax { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A row whose <c>CapacityAsOf</c> is older is written again though nothing else changed. The grid's own indexers look every 5 minutes or more; to
    /// write every row at every pass would cost the database and inform no one.
    /// </summary>
    public TimeSpan FreshnessStep { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A grid counts as behind when its last complete pass is older: passes were missed, or each one failed. As long as <see cref="FreshnessStep"/>, which is
    /// how old any row may look while all is well; longer where passes are rarer.
    /// </summary>
    public TimeSpan BehindAfter => SyncInterval * 3 is var missed && missed > FreshnessStep ? missed : FreshnessStep;

    /// <summary>
    /// Passes of one replica that work at the same time, of however many grids. Each takes one connection, about 10 MB for its page and a core's attention in
    /// turns with PostgreSQL's; a pass that waits for its grid counts for nothing here.
    /// </summary>
    public int PassesAtOnce { get; set; } = 4;

    /// <summary>Records a page: 500 nodes are about 1.2 MB.</summary>
    public int PageSize { get; set; } = 500;

    /// <summary>How long one attempt at one request may take, including reading the response.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long all attempts at one request may take together; at most <see cref="SyncLease.RequestTimeoutMax"/>.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(40);

    /// <summary>How often a request is tried again after an answer that another attempt may better.</summary>
    public int RetryCountMax { get; set; } = 3;

    /// <summary>Before the first retry; it doubles from there, with jitter.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A longer answer is not read to its end.</summary>
    public int AnswerBytesMax { get; set; } = 8 * 1_024 * 1_024;

    /// <summary>Where half of at least this many requests within 30 s fail, the grid gets no requests for <see cref="BreakTime"/>.</summary>
    public int BreakerRequestsMin { get; set; } = 8;

    public TimeSpan BreakTime { get; set; } = TimeSpan.FromSeconds(15);
}
