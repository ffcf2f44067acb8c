namespace Mycelium.GraphQL.Accounts;

/// <summary>The body of <c>/account/manage/2fa</c>: the fields of ASP.NET Core Identity's request, and the password.</summary>
/// <param name="Enable">True turns the second factor on, false off; null leaves it as it is.</param>
/// <param name="TwoFactorCode">A code from the authenticator. To turn the factor off or reset it, a recovery code also works.</param>
/// <param name="ResetSharedKey">Turns the factor off and creates a new key.</param>
/// <param name="ResetRecoveryCodes">Creates new recovery codes.</param>
/// <param name="OldPassword">The account's password: required to see the key for the authenticator, and to turn the factor on.</param>
internal sealed record SecondFactorRequest(
    bool? Enable = null, string? TwoFactorCode = null, bool ResetSharedKey = false, bool ResetRecoveryCodes = false, string? OldPassword = null);
