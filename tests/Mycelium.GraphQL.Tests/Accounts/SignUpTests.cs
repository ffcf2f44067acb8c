using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Tests.Hosting;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Testing;

namespace Mycelium.GraphQL.Tests.Accounts;

/// <summary>Signing up, confirming and resetting by means of the mails that a replica with the default settings writes.</summary>
[Collection(ApiCollection.Name)]
public sealed partial class SignUpTests(ApiHost host) : IAsyncLifetime
{
    private readonly CountingHasher hasher = new();
    private Replica replica = null!;
    private Api anyone = null!;

    public Task InitializeAsync()
    {
        replica = host.StartReplica(
            services => services.Replace(ServiceDescriptor.Scoped<IPasswordHasher<Account>>(_ => hasher)),
            ("Accounts:RequireConfirmedEmail", "true"), ("Mail:PublicAddress", "https://api.example.org/"));
        anyone = host.Client(address: replica.Address);
        return Task.CompletedTask;
    }

    public Task DisposeAsync() => replica.DisposeAsync().AsTask();

    [Fact]
    public async Task A_new_account_signs_in_once_its_address_is_confirmed()
    {
        string email = host.NewEmail();
        await PostAsync("register", new { email, password = ApiHost.Password });
        string before = await RefusalAsync(email, ApiHost.Password);
        string link = Link(await MailAsync(email, "Confirm your address"));

        Assert.StartsWith("https://api.example.org/account/confirmEmail?", link, StringComparison.Ordinal);
        using HttpResponseMessage confirmed = await anyone.GetAsync(new Uri(link).PathAndQuery);

        Assert.Equal((HttpStatusCode.OK, "Thank you for confirming your email."), (confirmed.StatusCode, await confirmed.Content.ReadAsStringAsync()));
        await Credentials.SignInAsync(anyone, email);
        Assert.Equal(await RefusalAsync(host.NewEmail(), "Wrong-Horse-1"), before); // The same response as for an address without an account.
    }

    [Fact]
    public async Task Signing_in_before_confirmation_resends_the_mail_only_with_the_right_password()
    {
        string email = host.NewEmail();
        await PostAsync("register", new { email, password = ApiHost.Password });
        await MailAsync(email, "Confirm your address");

        await RefusalAsync(email, "Wrong-Horse-1");
        await RefusalAsync(email, ApiHost.Password);

        await Eventually.HoldsAsync(() => Mails(email).Count == 2, "two mails");
        Assert.Equal(2L, await host.ScalarAsync("SELECT count(*) FROM mails WHERE recipient_hash = sha256(convert_to(upper($1), 'UTF8'))", email));
    }

    [Fact]
    public async Task Signing_up_responds_alike_for_new_and_registered_addresses_and_only_the_mail_differs()
    {
        string known = await ConfirmedAsync();
        string fresh = host.NewEmail();

        (HttpStatusCode, string) ofKnown = await PostAsync("register", new { email = known, password = "Another-Horse-2" });
        int hashesOfKnown = hasher.TakeCount();
        (HttpStatusCode, string) ofFresh = await PostAsync("register", new { email = fresh, password = "Another-Horse-2" });

        Assert.Equal(ofFresh, ofKnown);
        Assert.Equal(hasher.TakeCount(), hashesOfKnown);
        string mail = await MailAsync(known, "has an account");
        Assert.Contains("already has an account", mail, StringComparison.Ordinal);
        Assert.NotEmpty(Code(mail));
        Assert.Contains("confirm it within a day", await MailAsync(fresh, "Confirm your address"), StringComparison.Ordinal);
        await Credentials.SignInAsync(anyone, known); // With the original password.
        await RefusalAsync(known, "Another-Horse-2");
    }

    [Fact]
    public async Task An_attacker_who_signs_up_first_with_anothers_address_cannot_keep_the_password()
    {
        string email = host.NewEmail();
        await PostAsync("register", new { email, password = "Thiefs-Horse-1" });
        await PostAsync("register", new { email, password = ApiHost.Password });
        string mail = await MailAsync(email, "has an account");
        Assert.DoesNotContain("confirmEmail", mail, StringComparison.Ordinal);
        await PostAsync("resendConfirmationEmail", new { email });
        await Eventually.HoldsAsync(
            () => Mails(email).Count(one => one.Subject!.Contains("Confirm your address", StringComparison.Ordinal)) == 2, "the link was sent again");
        using HttpResponseMessage confirmed = await anyone.GetAsync(
            new Uri(Link(Mails(email).Last(one => one.Subject!.Contains("Confirm your address", StringComparison.Ordinal)).TextBody!)).PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        await RefusalAsync(email, "Thiefs-Horse-1"); // Even though the owner has confirmed the address.

        await PostAsync("resetPassword", new { email, resetCode = Code(mail), newPassword = ApiHost.Password });

        await Credentials.SignInAsync(anyone, email);
        await RefusalAsync(email, "Thiefs-Horse-1");
    }

    [Fact]
    public async Task A_forgotten_password_is_reset_by_a_mailed_code_that_works_once_and_ends_every_session()
    {
        string email = await ConfirmedAsync();
        Credentials before = await Credentials.SignInAsync(anyone, email);
        await PostAsync("forgotPassword", new { email });
        string code = Code(await MailAsync(email, "Choose a new password"));

        (HttpStatusCode weak, _) = await PostAsync("resetPassword", new { email, resetCode = code, newPassword = "weak" });
        (HttpStatusCode status, _) = await PostAsync("resetPassword", new { email, resetCode = code, newPassword = "Another-Horse-2" });
        (HttpStatusCode again, string refusal) = await PostAsync("resetPassword", new { email, resetCode = code, newPassword = "Third-Horse-333" });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK, HttpStatusCode.BadRequest), (weak, status, again));
        Assert.Contains("InvalidToken", refusal, StringComparison.Ordinal);
        await Credentials.SignInAsync(anyone, email, "Another-Horse-2");
        await RefusalAsync(email, ApiHost.Password);
        Assert.Null(await before.RefreshAsync(anyone));
    }

    [Theory]
    [InlineData("forgotPassword")]
    [InlineData("resendConfirmationEmail")]
    public async Task Requesting_a_mail_is_answered_and_stored_alike_for_an_unknown_address(string path)
    {
        string known = host.NewEmail(), unknown = host.NewEmail();
        await PostAsync("register", new { email = known, password = ApiHost.Password });

        Assert.Equal(await PostAsync(path, new { email = unknown }), await PostAsync(path, new { email = known }));

        await Eventually.HoldsAsync(() => Mails(known).Count == 2, "two mails");
        Assert.Empty(Mails(unknown));
        Assert.Equal(1L, await host.ScalarAsync("SELECT count(*) FROM mails WHERE recipient_hash = sha256(convert_to(upper($1), 'UTF8'))", unknown));
    }

    [Fact]
    public async Task A_password_is_hashed_whether_or_not_there_is_an_account()
    {
        string known = await ConfirmedAsync();
        hasher.TakeCount();

        await RefusalAsync(known, "Wrong-Horse-1");
        int ofKnown = hasher.TakeCount();
        await RefusalAsync(host.NewEmail(), "Wrong-Horse-1");

        Assert.Equal((1, 1), (ofKnown, hasher.TakeCount()));
    }

    [Fact]
    public async Task An_address_changes_by_the_link_sent_to_the_new_one_and_the_old_one_is_notified()
    {
        string before = await ConfirmedAsync(), after = host.NewEmail();
        Api owner = host.Client((await Credentials.SignInAsync(anyone, before)).AccessToken, replica.Address);

        using HttpResponseMessage byTokenAlone = await owner.PostAsync("/account/manage/info", new { newEmail = after });
        using HttpResponseMessage guessed = await owner.PostAsync("/account/manage/info", new { newEmail = after, oldPassword = "Wrong-Horse-1" });
        using HttpResponseMessage accepted = await owner.PostAsync("/account/manage/info", new { newEmail = after, oldPassword = ApiHost.Password });

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (byTokenAlone.StatusCode, guessed.StatusCode));
        Assert.Equal(HttpStatusCode.OK, accepted.StatusCode);
        Assert.Contains("change your password now", await MailAsync(before, "New address"), StringComparison.Ordinal);
        string link = Link(await MailAsync(after, "Confirm your new address"));
        using HttpResponseMessage confirmed = await anyone.GetAsync(new Uri(link).PathAndQuery);
        Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        await Credentials.SignInAsync(anyone, after);
        await RefusalAsync(before, ApiHost.Password);
    }

    [Fact]
    public async Task A_second_factor_can_be_set_up_and_used_and_a_wrong_code_counts_as_a_failed_attempt()
    {
        string email = await ConfirmedAsync();
        Api owner = host.Client((await Credentials.SignInAsync(anyone, email)).AccessToken, replica.Address);
        // A token alone reveals no key, creates no codes and enables nothing: otherwise a thief could lock the owner out.
        Assert.Equal("", (await ReadAsync(await owner.PostAsync("/account/manage/2fa", new { }))).GetProperty("sharedKey").GetString());
        JsonElement shown = await ReadAsync(await owner.PostAsync("/account/manage/2fa", new { oldPassword = ApiHost.Password }));
        string key = shown.GetProperty("sharedKey").GetString()!;
        string totp = await TotpAsync(email);
        foreach ((object refused, string error) in ((object, string)[])
        [
            (new { enable = true, twoFactorCode = totp }, "OldPasswordRequired"),
            (new { resetRecoveryCodes = true }, "OldPasswordRequired"), (new { resetSharedKey = true }, "OldPasswordRequired"),
            (new { enable = true, twoFactorCode = totp, oldPassword = "Wrong-Horse-1" }, "PasswordMismatch"),
            (new { enable = true, twoFactorCode = "000000x", oldPassword = ApiHost.Password }, "InvalidTwoFactorCode"),
        ])
        {
            Assert.True((await ReadAsync(await owner.PostAsync("/account/manage/2fa", refused))).GetProperty("errors").TryGetProperty(error, out _), error);
        }

        string code = await TotpAsync(email);
        JsonElement enabled = await ReadAsync(
            await owner.PostAsync("/account/manage/2fa", new { enable = true, twoFactorCode = code, oldPassword = ApiHost.Password }));

        Assert.True(enabled.GetProperty("isTwoFactorEnabled").GetBoolean());
        Assert.Equal(10, enabled.GetProperty("recoveryCodes").GetArrayLength());
        Assert.NotEmpty(key);
        await MailAsync(email, "Second factor turned on");
        Assert.Equal(2L, await host.ScalarAsync( // The key and the recovery codes: a backup contains neither in plain text.
            """
            SELECT count(*) FILTER (WHERE value LIKE 'sealed:%') FROM account_tokens JOIN accounts ON accounts.id = user_id
            WHERE email = $1 HAVING count(*) = 2
            """,
            email));
        Assert.Equal("", enabled.GetProperty("sharedKey").GetString()); // A thief with a token does not learn it.
        JsonElement withoutCode = await ReadAsync(await anyone.PostAsync("/account/login", new { email, password = ApiHost.Password }));
        Assert.Equal("TWO_FACTOR_REQUIRED", withoutCode.GetProperty("code").GetString());
        // A code works once, however it is written.
        foreach (string again in (string[])[code, $" {code}", $"+{code}"])
            Assert.Equal(HttpStatusCode.Unauthorized, (await PostAsync("login", new { email, password = ApiHost.Password, twoFactorCode = again })).Status);
        await host.SqlAsync("DELETE FROM used_codes");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync("login", new { email, password = ApiHost.Password, twoFactorCode = code })).Status);
        string recovery = enabled.GetProperty("recoveryCodes")[0].GetString()!;
        using HttpResponseMessage byRecovery = await anyone.PostAsync(
            "/account/login", new { email, password = ApiHost.Password, twoFactorRecoveryCode = recovery });
        Assert.Equal(HttpStatusCode.OK, byRecovery.StatusCode);
        Api signedIn = host.Client((await ReadAsync(byRecovery)).GetProperty("accessToken").GetString(), replica.Address);
        object[] weakenings = [new { enable = false }, new { resetSharedKey = true }, new { resetRecoveryCodes = true, twoFactorCode = "000000" }];
        foreach (object weakening in weakenings)
            Assert.Equal("INVALID_INPUT", (await ReadAsync(await signedIn.PostAsync("/account/manage/2fa", weakening))).GetProperty("code").GetString());
        for (int attempt = 0; attempt < SignInTries.FailuresMax; attempt++)
        {
            // A correct password in between does not reset the count of wrong codes.
            (await signedIn.PostAsync("/account/manage/2fa", new { oldPassword = ApiHost.Password })).Dispose();
            (await signedIn.PostAsync("/account/manage/info", new { oldPassword = ApiHost.Password, newPassword = "short" })).Dispose();
            (await anyone.PostAsync("/account/login", new { email, password = ApiHost.Password, twoFactorCode = "000000" })).Dispose();
        }
        using HttpResponseMessage locked = await anyone.PostAsync(
            "/account/login", new { email, password = ApiHost.Password, twoFactorCode = await TotpAsync(email) });
        Assert.Equal(HttpStatusCode.Unauthorized, locked.StatusCode);
    }

    [Fact]
    public async Task Disabling_the_second_factor_with_a_recovery_code_reveals_no_key_for_an_unchecked_password()
    {
        string email = await ConfirmedAsync();
        Api owner = host.Client((await Credentials.SignInAsync(anyone, email)).AccessToken, replica.Address);
        (await owner.PostAsync("/account/manage/2fa", new { oldPassword = ApiHost.Password })).Dispose();
        JsonElement codes = (await ReadAsync(await owner.PostAsync(
            "/account/manage/2fa",
            new { enable = true, twoFactorCode = await TotpAsync(email), oldPassword = ApiHost.Password }))).GetProperty("recoveryCodes");
        using HttpResponseMessage signedIn = await anyone.PostAsync(
            "/account/login", new { email, password = ApiHost.Password, twoFactorRecoveryCode = codes[0].GetString() });
        Api thief = host.Client((await ReadAsync(signedIn)).GetProperty("accessToken").GetString(), replica.Address);

        JsonElement off = await ReadAsync(
            await thief.PostAsync("/account/manage/2fa", new { enable = false, twoFactorCode = codes[1].GetString(), oldPassword = "Wrong-Horse-1" }));

        Assert.False(off.GetProperty("isTwoFactorEnabled").GetBoolean());
        Assert.Equal("", off.GetProperty("sharedKey").GetString());
    }

    [Fact]
    public async Task A_password_that_is_too_long_is_refused_before_it_is_hashed()
    {
        hasher.TakeCount();
        string tooLong = new('x', AccountEndpoints.PasswordCharactersMax + 1);

        foreach (string path in (string[])["register", "login"])
            Assert.Contains("PasswordTooLong", (await PostAsync(path, new { email = host.NewEmail(), password = tooLong })).Text, StringComparison.Ordinal);

        Assert.Equal(0, hasher.TakeCount());
    }

    [Fact]
    public async Task Repeated_sign_ups_by_strangers_do_not_invalidate_a_mailed_code()
    {
        string email = host.NewEmail();
        await PostAsync("register", new { email, password = "Stranger-Horse-1" });
        await PostAsync("register", new { email, password = "Stranger-Horse-2" });
        string text = await MailAsync(email, "Your address has an account");
        for (int again = 0; again < MailOutbox.PerHourMax; again++)
            await PostAsync("register", new { email, password = "Stranger-Horse-3" });

        (HttpStatusCode status, _) = await PostAsync("resetPassword", new { email, resetCode = Code(text), newPassword = ApiHost.Password });

        Assert.Equal(HttpStatusCode.OK, status);
        await Credentials.SignInAsync(anyone, email);
    }

    [Fact]
    public async Task An_address_may_change_its_case()
    {
        string email = await ConfirmedAsync();
        Api owner = host.Client((await Credentials.SignInAsync(anyone, email)).AccessToken, replica.Address);
        string upper = email.ToUpperInvariant();

        (await owner.PostAsync("/account/manage/info", new { newEmail = upper, oldPassword = ApiHost.Password })).Dispose();
        using HttpResponseMessage confirmed = await anyone.GetAsync(new Uri(Link(await MailAsync(upper, "Confirm your new address"))).PathAndQuery);

        Assert.Equal(HttpStatusCode.OK, confirmed.StatusCode);
        Assert.Equal(upper, await host.ScalarAsync("SELECT email FROM accounts WHERE normalized_email = $1", upper));
    }

    [Fact]
    public async Task A_wrong_old_password_counts_as_a_failed_sign_in()
    {
        string email = await ConfirmedAsync();
        Api owner = host.Client((await Credentials.SignInAsync(anyone, email)).AccessToken, replica.Address);
        for (int guess = 0; guess < SignInTries.FailuresMax; guess++)
            (await owner.PostAsync("/account/manage/info", new { oldPassword = $"Wrong-Horse-{guess}", newPassword = "Another-Horse-2" })).Dispose();
        hasher.TakeCount();

        JsonElement right = await ReadAsync(
            await owner.PostAsync("/account/manage/info", new { oldPassword = ApiHost.Password, newPassword = "Another-Horse-2" }));

        Assert.True(right.GetProperty("errors").TryGetProperty("PasswordMismatch", out _));
        Assert.Equal(0, hasher.TakeCount());
        await host.SqlAsync("UPDATE sign_in_tries SET tried_at = tried_at - interval '5 minutes'");
        await Credentials.SignInAsync(anyone, email);
    }

    private async Task<string> ConfirmedAsync()
    {
        string email = host.NewEmail();
        await PostAsync("register", new { email, password = ApiHost.Password });
        await host.SqlAsync("UPDATE accounts SET email_confirmed = true WHERE email = $1", email);
        hasher.TakeCount();
        return email;
    }

    private async Task<string> TotpAsync(string email)
    {
        await using AsyncServiceScope scope = replica.Services.CreateAsyncScope();
        var accounts = scope.ServiceProvider.GetRequiredService<UserManager<Account>>();
        Account account = (await accounts.FindByEmailAsync(email))!;
        return await Totp.NowAsync(accounts, account);
    }

    private async Task<(HttpStatusCode Status, string Text)> PostAsync(string path, object body)
    {
        using HttpResponseMessage response = await anyone.PostAsync($"/account/{path}", body);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<string> RefusalAsync(string email, string password)
    {
        (HttpStatusCode status, string text) = await PostAsync("login", new { email, password });
        Assert.Equal(HttpStatusCode.Unauthorized, status);
        return text;
    }

    private List<MimeKit.MimeMessage> Mails(string email) =>
        [
            .. Directory.GetFiles(Replica.Mails, "*.eml").Order().Select(file => MimeKit.MimeMessage.Load(file))
                .Where(mail => mail.To.Mailboxes.Single().Address == email),
        ];

    private async Task<string> MailAsync(string email, string subject)
    {
        MimeKit.MimeMessage? found = null;
        await Eventually.HoldsAsync(
            () => (found = Mails(email).FirstOrDefault(mail => mail.Subject!.Contains(subject, StringComparison.Ordinal))) is not null, $"a mail '{subject}'");
        return found!.TextBody!;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
            return JsonElement.Parse(await response.Content.ReadAsStringAsync());
    }

    private static string Link(string mail) => LinkPattern().Match(mail).Value;

    private static string Code(string mail) => CodePattern().Match(mail).Value.Trim();

    [GeneratedRegex(@"https://\S+")]
    private static partial Regex LinkPattern();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{60,}\s*$", RegexOptions.Multiline)]
    private static partial Regex CodePattern();

    /// <summary>Counts password hashes, which take most of the time of a sign-in.</summary>
    private sealed class CountingHasher : IPasswordHasher<Account>
    {
        private readonly PasswordHasher<Account> inner = new();
        private int count;

        public int TakeCount() => Interlocked.Exchange(ref count, 0);

        public string HashPassword(Account user, string password)
        {
            Interlocked.Increment(ref count);
            return inner.HashPassword(user, password);
        }

        public PasswordVerificationResult VerifyHashedPassword(Account user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref count);
            return inner.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
