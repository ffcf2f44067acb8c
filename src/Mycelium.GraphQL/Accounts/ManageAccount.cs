using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// What a signed-in account changes about itself: address, password and second factor. A new password or second factor ends all tokens of the account, those of this caller too.
/// </summary>
internal sealed class ManageAccount(UserManager<Account> accounts, IUserStore<Account> store, SignInTries tries, AccountMails mails, AccountEvents events)
{
    private const string OldPasswordRequired = "Send oldPassword, the account's password: it is needed to set another one, another address or a second factor. If it is forgotten, use /account/resetPassword.";

    /// <summary>As many as ASP.NET Core Identity makes.</summary>
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
        if (request.ResetRecoveryCodes || wasOn != account.TwoFactorEnabled && account.TwoFactorEnabled) // Earlier codes may be known to a thief who once had a token.
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
            // Shown while the factor is off, to a caller whose password was checked: a request that turned it off was checked by its code alone.
            SharedKey = wasOn || account.TwoFactorEnabled || string.IsNullOrEmpty(request.OldPassword) ? "" : await SharedKeyAsync(account, context.RequestAborted),
            RecoveryCodes = recoveryCodes,
            RecoveryCodesLeft = recoveryCodes?.Length ?? await accounts.CountRecoveryCodesAsync(account),
            IsTwoFactorEnabled = account.TwoFactorEnabled,
            IsMachineRemembered = false, // That was a cookie.
        });
    }

    /// <summary>
    /// A factor that is off needs the password to be seen or set up, and a code to be turned on; one that is on needs a code, or a recovery code, to be weakened. All proofs of a request are one try.
    /// </summary>
    private async Task<IdentityError[]> ChangeSecondFactorAsync(Account account, SecondFactorRequest request, HttpContext context)
    {
        bool isOn = account.TwoFactorEnabled, turnsOn = request.Enable == true && !isOn;
        bool isWeakened = request.Enable == false || request.ResetSharedKey || request.ResetRecoveryCodes;
        bool needsPassword = !isOn && (turnsOn || isWeakened || !string.IsNullOrEmpty(request.OldPassword)), needsCode = turnsOn || (isOn && isWeakened);
        if (request.Enable == true && request.ResetSharedKey)
            return [new IdentityError { Code = "CannotResetSharedKeyAndEnable", Description = "Resetting the shared key turns the second factor off. Turn it on with a code of the new key." }];
        if (needsPassword && string.IsNullOrEmpty(request.OldPassword))
            return [new IdentityError { Code = nameof(OldPasswordRequired), Description = OldPasswordRequired }];
        if (needsCode && string.IsNullOrEmpty(request.TwoFactorCode))
            return [new IdentityError { Code = "RequiresTwoFactor", Description = "Send twoFactorCode, from the authenticator; to weaken a second factor that is on, a recovery code will do." }];

        IdentityError? wrong = null;
        if ((needsPassword || needsCode) && !await IsRightAsync(account, "second_factor", isProof: true, async () => (wrong = await WrongAsync()) is null, context))
            return [wrong ?? (needsPassword ? AccountEndpoints.Describer.PasswordMismatch() : WrongCode())];
        if (turnsOn)
            return [.. (await accounts.SetTwoFactorEnabledAsync(account, true)).Errors];
        if (request.Enable == false || request.ResetSharedKey)
            return [.. (await accounts.SetTwoFactorEnabledAsync(account, false)).Errors, .. request.ResetSharedKey ? (await accounts.ResetAuthenticatorKeyAsync(account)).Errors : []];
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

    /// <summary>The change is done by now: a mail that cannot be posted must not make it look otherwise.</summary>
    private async Task NotifyAsync(Account account)
    {
        try
        {
            await mails.PostSecondFactorAsync(account, account.TwoFactorEnabled, CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // The event in the log tells of the change.
        }
    }

    /// <summary>A token alone changes nothing by which an account is taken over. The old password counts as a try to sign in: who has stolen a token does not guess it here.</summary>
    private async Task<IdentityError?> ProvePasswordAsync(Account account, string? oldPassword, HttpContext context)
    {
        if (string.IsNullOrEmpty(oldPassword))
            return new IdentityError { Code = nameof(OldPasswordRequired), Description = OldPasswordRequired };
        return await IsRightAsync(account, "old_password", isProof: !account.TwoFactorEnabled, () => accounts.CheckPasswordAsync(account, oldPassword), context) ? null : AccountEndpoints.Describer.PasswordMismatch();
    }

    /// <param name="account">Whose.</param>
    /// <param name="what">What the event is called when it is wrong.</param>
    /// <param name="isProof">Whether it shows that the account's owner is here; a password alone does not where there is a second factor.</param>
    /// <param name="check">Looks at it.</param>
    /// <param name="context">Of the caller.</param>
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

    private static IdentityError WrongCode() => new() { Code = "InvalidTwoFactorCode", Description = "The twoFactorCode is wrong, or was used before. The authenticator shows another one every 30 seconds." };

    /// <summary>The first key is written without a new security stamp: who is just setting a second factor up would be signed out in the middle of it.</summary>
    private async Task<string> SharedKeyAsync(Account account, CancellationToken cancellation)
    {
        if (await accounts.GetAuthenticatorKeyAsync(account) is { Length: > 0 } known)
            return known;
        string key = accounts.GenerateNewAuthenticatorKey();
        await ((IUserAuthenticatorKeyStore<Account>)store).SetAuthenticatorKeyAsync(account, key, cancellation);
        return (await accounts.UpdateAsync(account)).Succeeded ? key : ""; // Somebody else has changed the account meanwhile: ask again.
    }

    private async Task<Account?> FindAsync(HttpContext context) =>
        context.User.AccountId() is { } id ? await accounts.FindByIdAsync(id.ToString()) : null;

    private static InfoResponse Info(Account account) => new() { Email = account.Email!, IsEmailConfirmed = account.EmailConfirmed };

    private static ProblemHttpResult Unauthenticated() => TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized);
}
