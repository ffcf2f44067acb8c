namespace Mycelium.GraphQL.Accounts;

/// <summary>How the sign-up and sign-in endpoints are guarded: section <c>Accounts</c>.</summary>
public sealed class AccountSettings
{
    public const string Section = "Accounts";

    /// <summary>Calls of <c>/account</c> from one address in a minute, outside Development: an office behind one address signs in, a list of passwords takes years.</summary>
    public int CallsPerMinute { get; set; } = 60;

    /// <summary>Signing in needs an address that was confirmed by a link in a mail. Without, an account may be anybody's address.</summary>
    public bool RequireConfirmedEmail { get; set; } = true;

    /// <summary>
    /// One hour; frontends refresh. No access token counts for longer, whatever it says. In Development 12 hours, so that one pasted into a terminal outlives the session.
    /// </summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>14 days without a refresh, and a person signs in again.</summary>
    public TimeSpan RefreshLifetime { get; set; } = TimeSpan.FromDays(14);
}
