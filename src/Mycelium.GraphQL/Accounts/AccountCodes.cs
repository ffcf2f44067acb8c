namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// The error codes that only <c>/account</c> uses, in addition to the engine's <see cref="Engine.Errors.ErrorCodes"/> and
/// <c>INVALID_INPUT</c>.
/// </summary>
public static class AccountCodes
{
    /// <summary>The request needs a mail to be sent, but no mail server is configured. Nothing was done.</summary>
    public const string MailUnavailable = "MAIL_UNAVAILABLE";

    /// <summary>The request asked for a cookie instead of tokens, but this service sets no cookies. Nobody was signed in.</summary>
    public const string CookiesUnavailable = "COOKIES_UNAVAILABLE";

    /// <summary>The password is correct, but the account also requires a second factor.</summary>
    public const string TwoFactorRequired = "TWO_FACTOR_REQUIRED";
}
