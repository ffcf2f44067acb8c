namespace Mycelium.GraphQL.Accounts;

/// <summary>How the sign-up and sign-in endpoints are guarded: section <c>Accounts</c>.</summary>
public sealed class AccountSettings
{
    public const string Section = "Accounts";

    /// <summary>Calls of <c>/account</c> from one address in a minute, outside Development: an office behind one address signs in, a list of passwords takes years.</summary>
    public int CallsPerMinute { get; set; } = 60;
}
