namespace Mycelium.Infrastructure.Grid;

/// <summary>
/// Keeps track of a list that is read page by page while it may change: complete is only what holds every record once, in order, as many as the grid
/// counted, with the same count on every page.
/// </summary>
internal sealed class GridScan(int pageSize)
{
    /// <summary>This many pages that fail or fall short end the scan: the grid is unhealthy, and every page would cost its retries.</summary>
    private const int FailureMax = 3;

    /// <summary>Two million records: beyond that the count is a lie.</summary>
    private const int PageMax = 4_000;

    /// <summary>A few unreadable records are skipped: whatever they describe is not seen. More of them mean that the list is not what it should be.</summary>
    private const int UnreadableMax = 10;

    private readonly HashSet<long> seen = [];
    private int? count;
    private long last;
    private int failureCount;
    private int unreadableCount;
    private int repeatedCount;

    /// <summary>Every id that is listed, also of rejected records: some may be impossible, such as 0.</summary>
    public IReadOnlySet<long> Seen => seen;

    /// <summary>The first problem of the scan.</summary>
    public string? Trouble { get; private set; }

    public int RejectedCount { get; private set; }
    public bool IsEnded { get; private set; }

    /// <summary>Adds a page, and returns its new records.</summary>
    public IReadOnlyList<T> Accept<T>(int number, GridPage<T> page, Func<T, long> id)
    {
        RejectedCount += page.Rejections.Values.Sum();
        if (page.TotalCount is null)
            Stumble("The grid does not count its records.");
        count ??= page.TotalCount;
        if (page.TotalCount != count)
            Stumble($"The grid counted {count} records, then {page.TotalCount}.");
        unreadableCount += page.UnreadableCount;
        if (unreadableCount > UnreadableMax)
            Stumble($"The grid lists more than {UnreadableMax} records that cannot be read.");
        repeatedCount += page.RepeatedCount;
        repeatedCount += page.RejectedIds.Count(id => !seen.Add(id));

        var fresh = new List<T>(page.Items.Count);
        foreach (T item in page.Items)
        {
            if (id(item) > last && seen.Add(id(item)))
                fresh.Add(item);
            else if (id(item) == last && fresh.Count == 0)
                repeatedCount++; // Listed twice, with the end of a page in between.
            else
                Stumble("Pages overlap or are out of order.");
        }
        if (page.Items.Count > 0)
            last = Math.Max(last, id(page.Items[^1]));

        int expected = count is { } all ? Math.Clamp(all - (number - 1) * pageSize, 0, pageSize) : pageSize;
        if (page.RecordCount < expected)
            Fail($"Page {number} holds {page.RecordCount} records and should hold {expected}.");
        End(number, page.RecordCount);
        return fresh;
    }

    /// <summary>A page could not be read at all.</summary>
    public void Fail(string reason)
    {
        Stumble(reason);
        IsEnded = ++failureCount >= FailureMax;
    }

    private void End(int number, int recordCount)
    {
        bool isLast = count is { } all ? number * (long)pageSize >= all : recordCount < pageSize;
        int listed = seen.Count + repeatedCount + unreadableCount;
        if (isLast && count != listed)
            Stumble($"The grid counts {count} records and lists {listed}.");
        if (number >= PageMax)
            Stumble($"The grid has more than {PageMax} pages.");
        IsEnded |= isLast || number >= PageMax;
    }

    private void Stumble(string trouble) => Trouble ??= trouble;
}
