namespace Mycelium.GraphQL.Accounts;

/// <summary>The settings of the sign-up and sign-in endpoints: section <c>Accounts</c>.</summary>
public sealed class AccountSettings
{
    public const string Section = "Accounts";

    /// <summary>
    /// Requests to <c>/account</c> per minute from one address, outside Development. This is enough for an office behind one address, and
    /// trying a list of passwords would take years.
    /// </summary>
    public int CallsPerMinute { get; set; } = 60;

    /// <summary>Signing in requires an address that was confirmed with a link in a mail. If false, an account may have someone else's address.</summary>
    public bool RequireConfirmedEmail { get; set; } = true;

    /// <summary>
    /// How long access tokens are valid: one hour; frontends refresh them. No token is accepted for longer, whatever it says. In
    /// Development the default is 12 hours, so that a token pasted into a terminal lasts a session.
    /// </summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long refresh tokens are valid. After 14 days without a refresh, people have to sign in again.</summary>
    public TimeSpan RefreshLifetime { get; set; } = TimeSpan.FromDays(14);
}
