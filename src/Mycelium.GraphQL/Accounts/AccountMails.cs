using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>The mails about an account. Each is posted before the caller is answered; where no account has the address the same is done and nothing is sent.</summary>
public sealed class AccountMails(MailOutbox outbox, UserManager<Account> accounts, IOptions<MailOptions> options)
{
    private const string Farewell = "\n\nIf it was not you, do nothing: without the link or code above nothing changes.\n\nMycelium\n";

    /// <summary>Whether there is a way to send one.</summary>
    public bool IsThere => options.Value.IsSet;

    public Task PostNothingAsync(string address, CancellationToken cancellation) => PostAsync(address, null, cancellation);

    public async Task PostConfirmationAsync(Account account, CancellationToken cancellation)
    {
        string code = Encoded(await accounts.GenerateEmailConfirmationTokenAsync(account));
        await PostAsync(
            account.Email!, new Mail(account.Email!, "Confirm your address at Mycelium", $"Somebody signed up at Mycelium with this address. If it was you, confirm it within a day:\n\n{ConfirmLink(account, code)}{Farewell}"), cancellation);
    }

    public async Task PostNewAddressAsync(Account account, string newAddress, CancellationToken cancellation)
    {
        string code = Encoded(await accounts.GenerateChangeEmailTokenAsync(account, newAddress));
        string link = $"{ConfirmLink(account, code)}&changedEmail={Uri.EscapeDataString(newAddress)}";
        await PostAsync(newAddress, new Mail(newAddress, "Confirm your new address at Mycelium", $"The owner of an account at Mycelium wants to use this address from now on. If it is you, confirm it within a day:\n\n{link}{Farewell}"), cancellation);
        await PostAsync(
            account.Email!,
            new Mail(account.Email!, "Another address for your account at Mycelium", "Somebody who is signed in to your account has asked for another e-mail address. It changes when that address is confirmed.\n\nIf it was not you, change your password now at /account/manage/info.\n\nMycelium\n"),
            cancellation, MailOutbox.NoticesPerHourMax);
    }

    /// <summary>A thief's second factor would keep the owner out, so the owner hears of it.</summary>
    public Task PostSecondFactorAsync(Account account, bool isOn, CancellationToken cancellation) => PostAsync(
        account.Email!,
        new Mail(account.Email!, $"Second factor turned {(isOn ? "on" : "off")} at Mycelium", $"Signing in to your account {(isOn ? "needs a code of an authenticator from now on" : "needs your password alone from now on")}.\n\nIf it was not you, choose another password at /account/forgotPassword, and write to whoever runs the service.\n\nMycelium\n"),
        cancellation, MailOutbox.NoticesPerHourMax);

    public async Task PostResetAsync(Account account, CancellationToken cancellation)
    {
        string code = Encoded(await accounts.GeneratePasswordResetTokenAsync(account));
        await PostAsync(account.Email!, new Mail(account.Email!, "Choose a new password at Mycelium", $"Somebody asked for a new password for the account of this address. {UseCode(code)}{Farewell}"), cancellation);
    }

    /// <summary>
    /// To an address that has an account. While it is not confirmed, whoever reads its mail has not chosen the password that is there, so the mail brings a code to choose one, and no link that would confirm
    /// a stranger's.
    /// </summary>
    public async Task PostAlreadySignedUpAsync(Account account, CancellationToken cancellation)
    {
        const string subject = "Your address has an account at Mycelium";
        // Every mail brings a code: strangers who use up the mails of an address keep nobody from a new password.
        string code = Encoded(await accounts.GeneratePasswordResetTokenAsync(account));
        if (account.EmailConfirmed)
        {
            await PostAsync(
                account.Email!,
                new Mail(account.Email!, subject, $"Somebody, perhaps you, wanted to sign up at Mycelium with this address. It has an account already: sign in. If you have forgotten your password: {UseCode(code)}{Farewell}"),
                cancellation);
            return;
        }
        await PostAsync(account.Email!, new Mail(account.Email!, subject, $"Somebody signed up at Mycelium with this address more than once, and it was not confirmed yet. If it was you: {UseCode(code)}{Farewell}"), cancellation);
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

    private static string UseCode(string code) => $"Send this code as resetCode to /account/resetPassword within a day, with your address and the password that you choose:\n\n{code}";

    private string ConfirmLink(Account account, string code) => $"{options.Value.PublicAddress.TrimEnd('/')}{AccountEndpoints.Path}/confirmEmail?userId={account.Id}&code={code}";

    private Task PostAsync(string address, Mail? mail, CancellationToken cancellation, int perHourMax = MailOutbox.PerHourMax) =>
        IsThere ? outbox.PostAsync(address, mail, cancellation, perHourMax) : Task.CompletedTask;
}
