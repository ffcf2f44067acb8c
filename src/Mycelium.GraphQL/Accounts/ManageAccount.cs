using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Changes that a signed-in account makes to itself: address, password and second factor. A new password or second factor ends all tokens
/// of the account, including the caller's.
/// </summary>
internal sealed class ManageAccount(UserManager<Account> accounts, IUserStore<Account> store, SignInTries tries, AccountMails mails, AccountEvents events)
{
    private const string OldPasswordRequired = "Send oldPassword, the account's current password: changing the password, the address or the second factor "
        + "requires it. If you have forgotten it, use /account/resetPassword.";

    /// <summary>The same number as in ASP.NET Core Identity.</summary>
    private const int RecoveryCodeCount = 10;

    public async Task<Results<Ok<InfoResponse>, ProblemHttpResult>> InfoAsync(HttpContext context) =>
        await FindAsync(context) is { } account ? TypedResults.Ok(Info(account)) : Unauthenticated();

    public async Task<Results<Ok<InfoResponse>, ValidationProblem, ProblemHttpResult>> ChangeAsync(InfoRequest request, HttpContext context)
    {
        if (await FindAsync(context) is not { } account)
            return Unauthenticated();
        bool isNewAddress = !string.IsNullOrEmpty(request.NewEmail) && request.NewEmail != account.Email;
        if (isNewAddress && !mails.IsThere)
            return AccountEndpoints.MailIsMissing();
        if (isNewAddress && !AccountEndpoints.IsAddress(request.NewEmail!, accounts))
            return AccountEndpoints.Refused(AccountEndpoints.Describer.InvalidEmail(request.NewEmail));
        bool isNewPassword = !string.IsNullOrEmpty(request.NewPassword);
        if ((isNewAddress || isNewPassword) && await ProvePasswordAsync(account, request.OldPassword, context) is { } unproven)
            return AccountEndpoints.Refused(unproven);
        if (isNewPassword && await ChangePasswordAsync(account, request, context) is { Length: > 0 } errors)
            return AccountEndpoints.Refused(errors);
        if (isNewAddress)
        {
            await mails.PostNewAddressAsync(account, request.NewEmail!, context.RequestAborted);
            events.AddressChanged(account.Id, "asked_for", context.Connection.RemoteIpAddress);
        }
        return TypedResults.Ok(Info(account));
    }

    public async Task<Results<Ok<TwoFactorResponse>, ValidationProblem, ProblemHttpResult>> SecondFactorAsync(SecondFactorRequest request, HttpContext context)
    {
        if (await FindAsync(context) is not { } account)
            return Unauthenticated();
        bool wasOn = account.TwoFactorEnabled;
        if (await ChangeSecondFactorAsync(account, request, context) is { Length: > 0 } errors)
            return AccountEndpoints.Refused(errors);

        string[]? recoveryCodes = null;
        // Someone who once stole a token may know the earlier codes.
        if (request.ResetRecoveryCodes || wasOn != account.TwoFactorEnabled && account.TwoFactorEnabled)
        {
            if (await accounts.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodeCount) is not { } made)
                return AccountEndpoints.Refused(AccountEndpoints.Describer.ConcurrencyFailure());
            recoveryCodes = [.. made];
        }
        if (wasOn != account.TwoFactorEnabled)
        {
            events.SecondFactorChanged(account.Id, account.TwoFactorEnabled ? "enabled" : "disabled", context.Connection.RemoteIpAddress);
            await NotifyAsync(account);
        }
        return TypedResults.Ok(new TwoFactorResponse
        {
            // Shown only while the factor is off and if the password was checked: a request that turns it off is checked by its code alone.
            SharedKey = wasOn || account.TwoFactorEnabled || string.IsNullOrEmpty(request.OldPassword)
                ? ""
                : await SharedKeyAsync(account, context.RequestAborted),
            RecoveryCodes = recoveryCodes,
            RecoveryCodesLeft = recoveryCodes?.Length ?? await accounts.CountRecoveryCodesAsync(account),
            IsTwoFactorEnabled = account.TwoFactorEnabled,
            IsMachineRemembered = false, // Always false: Identity uses a cookie for this.
        });
    }

    /// <summary>
    /// While the factor is off, the password is required to see its key or set it up, and a code to turn it on. While it is on, a code or a
    /// recovery code is required to weaken it. All proofs of a request count as one attempt.
    /// </summary>
    private async Task<IdentityError[]> ChangeSecondFactorAsync(Account account, SecondFactorRequest request, HttpContext context)
    {
        bool isOn = account.TwoFactorEnabled, turnsOn = request.Enable == true && !isOn;
        bool isWeakened = request.Enable == false || request.ResetSharedKey || request.ResetRecoveryCodes;
        bool needsPassword = !isOn && (turnsOn || isWeakened || !string.IsNullOrEmpty(request.OldPassword));
        bool needsCode = turnsOn || (isOn && isWeakened);
        if (request.Enable == true && request.ResetSharedKey)
            return [Error("CannotResetSharedKeyAndEnable", "Resetting the shared key turns the second factor off. Turn it on with a code of the new key.")];
        if (needsPassword && string.IsNullOrEmpty(request.OldPassword))
            return [Error(nameof(OldPasswordRequired), OldPasswordRequired)];
        if (needsCode && string.IsNullOrEmpty(request.TwoFactorCode))
            return [Error(
                "RequiresTwoFactor", "Send twoFactorCode from the authenticator. To turn the second factor off or reset it, a recovery code also works.")];

        IdentityError? wrong = null;
        if ((needsPassword || needsCode)
            && !await IsRightAsync(account, "second_factor", isProof: true, async () => (wrong = await WrongAsync()) is null, context))
            return [wrong ?? (needsPassword ? AccountEndpoints.Describer.PasswordMismatch() : WrongCode())];
        if (turnsOn)
            return [.. (await accounts.SetTwoFactorEnabledAsync(account, true)).Errors];
        if (request.Enable == false || request.ResetSharedKey)
        {
            IEnumerable<IdentityError> errors = (await accounts.SetTwoFactorEnabledAsync(account, false)).Errors;
            return [.. errors, .. request.ResetSharedKey ? (await accounts.ResetAuthenticatorKeyAsync(account)).Errors : []];
        }
        return [];

        async Task<IdentityError?> WrongAsync()
        {
            if (needsPassword && !await accounts.CheckPasswordAsync(account, request.OldPassword!))
                return AccountEndpoints.Describer.PasswordMismatch();
            return !needsCode || await IsCodeRightAsync(account, request.TwoFactorCode!, isOn) ? null : WrongCode();
        }
    }

    private async Task<bool> IsCodeRightAsync(Account account, string code, bool mayBeRecoveryCode) =>
        await accounts.VerifyTwoFactorTokenAsync(account, accounts.Options.Tokens.AuthenticatorTokenProvider, code)
        || (mayBeRecoveryCode && (await accounts.RedeemTwoFactorRecoveryCodeAsync(account, code)).Succeeded);

    /// <summary>The change is already done, so a mail that cannot be queued must not make the request fail.</summary>
    private async Task NotifyAsync(Account account)
    {
        try
        {
            await mails.PostSecondFactorAsync(account, account.TwoFactorEnabled, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // The log has the event.
        }
    }

    /// <summary>
    /// A token alone must not be enough to take over an account. A wrong old password counts as a failed sign-in, so that someone with a
    /// stolen token cannot guess it here.
    /// </summary>
    private async Task<IdentityError?> ProvePasswordAsync(Account account, string? oldPassword, HttpContext context)
    {
        if (string.IsNullOrEmpty(oldPassword))
            return Error(nameof(OldPasswordRequired), OldPasswordRequired);
        bool isRight = await IsRightAsync(
            account, "old_password", isProof: !account.TwoFactorEnabled, () => accounts.CheckPasswordAsync(account, oldPassword), context);
        return isRight ? null : AccountEndpoints.Describer.PasswordMismatch();
    }

    /// <param name="account">The account.</param>
    /// <param name="what">The name of the failure in the event.</param>
    /// <param name="isProof">Whether success proves that the caller owns the account. A password alone does not if there is a second factor.</param>
    /// <param name="check">The check.</param>
    /// <param name="context">The caller's request.</param>
    private async Task<bool> IsRightAsync(Account account, string what, bool isProof, Func<Task<bool>> check, HttpContext context)
    {
        SignInTry attempt = SignIn.Try(accounts, account.UserName!, context);
        if (!await tries.CountAsync(attempt, context.RequestAborted))
        {
            events.SignInFailed(account.Id, "locked_out", context.Connection.RemoteIpAddress);
            return false;
        }
        if (!await check())
        {
            events.SignInFailed(account.Id, what, context.Connection.RemoteIpAddress);
            return false;
        }
        await (isProof ? tries.TakeBackAsync(attempt, context.RequestAborted) : tries.ForgiveAsync(attempt, context.RequestAborted));
        return true;
    }

    private async Task<IdentityError[]> ChangePasswordAsync(Account account, InfoRequest request, HttpContext context)
    {
        IdentityResult changed = await accounts.ChangePasswordAsync(account, request.OldPassword!, request.NewPassword!);
        if (!changed.Succeeded)
            return [.. changed.Errors];
        events.PasswordChanged(account.Id, "changed", context.Connection.RemoteIpAddress);
        return [];
    }

    private static IdentityError WrongCode() =>
        Error("InvalidTwoFactorCode", "The twoFactorCode is wrong or was already used. The authenticator shows a new one every 30 seconds.");

    private static IdentityError Error(string code, string description) => new() { Code = code, Description = description };

    /// <summary>The first key is stored without a new security stamp, which would sign the caller out in the middle of the set-up.</summary>
    private async Task<string> SharedKeyAsync(Account account, CancellationToken cancellation)
    {
        if (await accounts.GetAuthenticatorKeyAsync(account) is { Length: > 0 } known)
            return known;
        string key = accounts.GenerateNewAuthenticatorKey();
        await ((IUserAuthenticatorKeyStore<Account>)store).SetAuthenticatorKeyAsync(account, key, cancellation);
        return (await accounts.UpdateAsync(account)).Succeeded ? key : ""; // Another request changed the account in the meantime: the caller has to retry.
    }

    private async Task<Account?> FindAsync(HttpContext context) =>
        context.User.AccountId() is { } id ? await accounts.FindByIdAsync(id.ToString()) : null;

    private static InfoResponse Info(Account account) => new() { Email = account.Email!, IsEmailConfirmed = account.EmailConfirmed };

    private static ProblemHttpResult Unauthenticated() => TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized);
}
