using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// The mails about an account. Each is put into the outbox before the caller gets the response. If no account has the address, the same
/// work is done, but nothing is sent.
/// </summary>
public sealed class AccountMails(MailOutbox outbox, UserManager<Account> accounts, IOptions<MailOptions> options)
{
    private const string Farewell = "\n\nIf this was not you, ignore this mail: nothing changes without the link or code above.\n\nMycelium\n";

    /// <summary>Whether mails can be sent.</summary>
    public bool IsThere => options.Value.IsSet;

    public Task PostNothingAsync(string address, CancellationToken cancellation) => PostAsync(address, null, cancellation);

    public async Task PostConfirmationAsync(Account account, CancellationToken cancellation)
    {
        string code = Encoded(await accounts.GenerateEmailConfirmationTokenAsync(account));
        await PostAsync(
            account.Email!,
            new Mail(
                account.Email!,
                "Confirm your address at Mycelium",
                $"Someone signed up at Mycelium with this address. If it was you, confirm it within a day:\n\n{ConfirmLink(account, code)}{Farewell}"),
            cancellation);
    }

    public async Task PostNewAddressAsync(Account account, string newAddress, CancellationToken cancellation)
    {
        string code = Encoded(await accounts.GenerateChangeEmailTokenAsync(account, newAddress));
        string link = $"{ConfirmLink(account, code)}&changedEmail={Uri.EscapeDataString(newAddress)}";
        await PostAsync(
            newAddress,
            new Mail(
                newAddress,
                "Confirm your new address at Mycelium",
                "The owner of an account at Mycelium wants to use this address from now on. "
                    + $"If it is you, confirm it within a day:\n\n{link}{Farewell}"),
            cancellation);
        await PostAsync(
            account.Email!,
            new Mail(
                account.Email!,
                "New address for your account at Mycelium",
                "Someone who is signed in to your account has requested a new e-mail address. "
                    + "It takes effect when that address is confirmed.\n\n"
                    + "If it was not you, change your password now at /account/manage/info.\n\nMycelium\n"),
            cancellation, MailOutbox.NoticesPerHourMax);
    }

    /// <summary>The owner is notified, because an attacker's second factor would lock them out.</summary>
    public Task PostSecondFactorAsync(Account account, bool isOn, CancellationToken cancellation) => PostAsync(
        account.Email!,
        new Mail(
            account.Email!,
            $"Second factor turned {(isOn ? "on" : "off")} at Mycelium",
            $"Signing in to your account {(isOn ? "now requires a code from an authenticator" : "now requires only your password")}.\n\n"
                + "If it was not you, choose a new password at /account/forgotPassword, and contact the operator of the service.\n\nMycelium\n"),
        cancellation, MailOutbox.NoticesPerHourMax);

    public async Task PostResetAsync(Account account, CancellationToken cancellation)
    {
        string code = Encoded(await accounts.GeneratePasswordResetTokenAsync(account));
        await PostAsync(
            account.Email!,
            new Mail(
                account.Email!,
                "Choose a new password at Mycelium",
                $"Someone requested a new password for the account with this address. {UseCode(code)}{Farewell}"),
            cancellation);
    }

    /// <summary>
    /// Sent to an address that already has an account. While the address is not confirmed, its owner may not have chosen the current
    /// password. So the mail contains a code to choose one, and not a link that would confirm a stranger's.
    /// </summary>
    public async Task PostAlreadySignedUpAsync(Account account, CancellationToken cancellation)
    {
        const string subject = "Your address has an account at Mycelium";
        // Every mail contains a code: even if strangers use up the mails of an address, its owner can set a new password.
        string code = Encoded(await accounts.GeneratePasswordResetTokenAsync(account));
        if (account.EmailConfirmed)
        {
            await PostAsync(
                account.Email!,
                new Mail(
                    account.Email!,
                    subject,
                    "Someone, perhaps you, tried to sign up at Mycelium with this address. It already has an account: sign in. "
                        + $"If you have forgotten your password: {UseCode(code)}{Farewell}"),
                cancellation);
            return;
        }
        await PostAsync(
            account.Email!,
            new Mail(
                account.Email!,
                subject,
                "Someone signed up at Mycelium with this address more than once, and it has not been confirmed yet. "
                    + $"If it was you: {UseCode(code)}{Farewell}"),
            cancellation);
    }

    internal static string? Decoded(string code)
    {
        try
        {
            return Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(code));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string Encoded(string token) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(token));

    private static string UseCode(string code) =>
        "Send this code as resetCode to /account/resetPassword within a day, with your address and the password that you choose:"
        + $"\n\n{code}";

    private string ConfirmLink(Account account, string code) =>
        $"{options.Value.PublicAddress.TrimEnd('/')}{AccountEndpoints.Path}/confirmEmail?userId={account.Id}&code={code}";

    private Task PostAsync(string address, Mail? mail, CancellationToken cancellation, int perHourMax = MailOutbox.PerHourMax) =>
        IsThere ? outbox.PostAsync(address, mail, cancellation, perHourMax) : Task.CompletedTask;
}
