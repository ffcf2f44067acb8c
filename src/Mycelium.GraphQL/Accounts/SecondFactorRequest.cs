namespace Mycelium.GraphQL.Accounts;

/// <summary>What <c>/account/manage/2fa</c> takes: the fields of ASP.NET Core Identity's request, and the password.</summary>
/// <param name="Enable">True turns the second factor on, false off; null leaves it as it is.</param>
/// <param name="TwoFactorCode">From the authenticator, or, to weaken a factor that is on, one of the recovery codes.</param>
/// <param name="ResetSharedKey">Turns the factor off and makes another key.</param>
/// <param name="ResetRecoveryCodes">Makes other recovery codes.</param>
/// <param name="OldPassword">The account's password: needed to see the key of an authenticator, and to turn the factor on.</param>
internal sealed record SecondFactorRequest(
    bool? Enable = null, string? TwoFactorCode = null, bool ResetSharedKey = false, bool ResetRecoveryCodes = false, string? OldPassword = null);
