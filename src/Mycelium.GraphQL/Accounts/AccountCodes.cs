namespace Mycelium.GraphQL.Accounts;

/// <summary>The codes that only <c>/account</c> answers with, next to those of the engine's <see cref="Engine.Errors.ErrorCodes"/> and <c>INVALID_INPUT</c>.</summary>
public static class AccountCodes
{
    /// <summary>What was asked for needs a mail, and this service has no way to send one. Nothing was done.</summary>
    public const string MailUnavailable = "MAIL_UNAVAILABLE";

    /// <summary>A cookie was asked for instead of tokens, and this service sets none. Nobody was signed in.</summary>
    public const string CookiesUnavailable = "COOKIES_UNAVAILABLE";

    /// <summary>The password is right, and the account wants a second factor with it.</summary>
    public const string TwoFactorRequired = "TWO_FACTOR_REQUIRED";
}
