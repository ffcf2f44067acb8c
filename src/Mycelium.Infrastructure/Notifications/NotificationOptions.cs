namespace Mycelium.Infrastructure.Notifications;

/// <summary>What accounts are told by themselves, and for how long it is kept: section <c>Notifications</c>.</summary>
public sealed class NotificationOptions
{
    public const string Section = "Notifications";

    /// <summary>Notifications are kept for this long, and until their month is over. The database keeps them for 30 days at least.</summary>
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>The latest notifications that an account keeps: more than anybody reads. The database keeps 100 at least.</summary>
    public int PerAccount { get; set; } = 1_000;

    /// <summary>How often old notifications are deleted, and months to come are prepared, two months ahead.</summary>
    public TimeSpan RetentionPeriod { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How often it is looked for rentals that end soon and machines that went down or came back: how late a reminder may be.</summary>
    public TimeSpan RemindPeriod { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after the last report of a machine that is down its renters are told. Grids call a machine down minutes to hours after it.</summary>
    public TimeSpan NodeDownAfter { get; set; } = TimeSpan.FromMinutes(30);
}
