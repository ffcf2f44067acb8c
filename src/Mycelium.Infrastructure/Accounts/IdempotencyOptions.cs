namespace Mycelium.Infrastructure.Accounts;

/// <summary>How long answers are remembered: section <c>Idempotency</c>.</summary>
public sealed class IdempotencyOptions
{
    public const string Section = "Idempotency";

    /// <summary>
    /// A request sent again within this time gets the first answer; afterwards its key is new. Three days: a client that was away for a weekend is safe. An
    /// hour at least: the database deletes no younger key.
    /// </summary>
    public TimeSpan Life { get; set; } = TimeSpan.FromHours(72);

    /// <summary>How often keys past their life are deleted.</summary>
    public TimeSpan PrunePeriod { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Keys deleted in one transaction: some milliseconds.</summary>
    public int PruneBatch { get; set; } = 1_000;

    /// <summary>Transactions of one pass, so that a backlog is worked off alongside normal traffic.</summary>
    public int PruneBatchesMax { get; set; } = 100;
}
