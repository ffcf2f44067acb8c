using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Mycelium.Infrastructure.Accounts;

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
        bool isWeakened = request.Enable == false || request.ResetSharedKey || request.ResetRecoveryCodes;
        bool hasPassword = request.OldPassword is { Length: > 0 };
        if (account.TwoFactorEnabled && isWeakened && await ProveSecondFactorAsync(account, request.TwoFactorCode, context) is { } unproven)
            return AccountEndpoints.Refused(unproven);
        if ((hasPassword || request.Enable == true || (isWeakened && !account.TwoFactorEnabled)) && await ProvePasswordAsync(account, request.OldPassword, context) is { } wrong)
            return AccountEndpoints.Refused(wrong);
        if (request.Enable == true && await EnableAsync(account, request, context) is { Length: > 0 } errors)
            return AccountEndpoints.Refused(errors);
        if ((request.Enable == false || request.ResetSharedKey) && await DisableAsync(account, request.ResetSharedKey, context) is { Length: > 0 } failures)
            return AccountEndpoints.Refused(failures);

        string[]? recoveryCodes = null;
        if (request.ResetRecoveryCodes || request.Enable == true) // Codes of before may be known to whoever once had a token.
        {
            if (await accounts.GenerateNewTwoFactorRecoveryCodesAsync(account, RecoveryCodeCount) is not { } made)
                return AccountEndpoints.Refused(AccountEndpoints.Describer.ConcurrencyFailure());
            recoveryCodes = [.. made];
        }
        return TypedResults.Ok(new TwoFactorResponse
        {
            SharedKey = account.TwoFactorEnabled || !hasPassword ? "" : await SharedKeyAsync(account, context.RequestAborted), // It was shown when it was set up.
            RecoveryCodes = recoveryCodes,
            RecoveryCodesLeft = recoveryCodes?.Length ?? await accounts.CountRecoveryCodesAsync(account),
            IsTwoFactorEnabled = account.TwoFactorEnabled,
            IsMachineRemembered = false, // That was a cookie.
        });
    }

    /// <summary>A token alone changes nothing by which an account is taken over. The old password counts as a try to sign in: who has stolen a token does not guess it here.</summary>
    private async Task<IdentityError?> ProvePasswordAsync(Account account, string? oldPassword, HttpContext context)
    {
        if (string.IsNullOrEmpty(oldPassword))
            return new IdentityError { Code = nameof(OldPasswordRequired), Description = OldPasswordRequired };
        return await IsRightAsync(account, "old_password", () => accounts.CheckPasswordAsync(account, oldPassword), context) ? null : AccountEndpoints.Describer.PasswordMismatch();
    }

    /// <summary>Turning the second factor off needs a code from it, or a recovery code.</summary>
    private async Task<IdentityError?> ProveSecondFactorAsync(Account account, string? code, HttpContext context)
    {
        if (string.IsNullOrEmpty(code))
            return new IdentityError { Code = "RequiresTwoFactor", Description = "Send twoFactorCode, from the authenticator or one of the recovery codes: the second factor is on." };
        bool isRight = await IsRightAsync(
            account, "second_factor",
            async () => await accounts.VerifyTwoFactorTokenAsync(account, accounts.Options.Tokens.AuthenticatorTokenProvider, code) || (await accounts.RedeemTwoFactorRecoveryCodeAsync(account, code)).Succeeded,
            context);
        return isRight ? null : WrongCode();
    }

    private async Task<bool> IsRightAsync(Account account, string what, Func<Task<bool>> check, HttpContext context)
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
        await tries.TakeBackAsync(attempt, context.RequestAborted);
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

    private async Task<IdentityError[]> EnableAsync(Account account, SecondFactorRequest request, HttpContext context)
    {
        if (request.ResetSharedKey)
            return [new IdentityError { Code = "CannotResetSharedKeyAndEnable", Description = "Resetting the shared key turns the second factor off. Turn it on with a code of the new key." }];
        if (string.IsNullOrEmpty(request.TwoFactorCode))
            return [new IdentityError { Code = "RequiresTwoFactor", Description = "Send twoFactorCode, from the authenticator that has the shared key." }];
        if (!await IsRightAsync(account, "second_factor", () => accounts.VerifyTwoFactorTokenAsync(account, accounts.Options.Tokens.AuthenticatorTokenProvider, request.TwoFactorCode), context))
            return [WrongCode()];
        return await SwitchAsync(account, isOn: true, context);
    }

    private async Task<IdentityError[]> DisableAsync(Account account, bool resetsKey, HttpContext context)
    {
        if (await SwitchAsync(account, isOn: false, context) is { Length: > 0 } errors)
            return errors;
        return resetsKey ? [.. (await accounts.ResetAuthenticatorKeyAsync(account)).Errors] : [];
    }

    private async Task<IdentityError[]> SwitchAsync(Account account, bool isOn, HttpContext context)
    {
        bool wasOn = account.TwoFactorEnabled;
        IdentityResult done = await accounts.SetTwoFactorEnabledAsync(account, isOn);
        if (!done.Succeeded)
            return [.. done.Errors];
        if (wasOn == isOn)
            return [];
        events.SecondFactorChanged(account.Id, isOn ? "enabled" : "disabled", context.Connection.RemoteIpAddress);
        await mails.PostSecondFactorAsync(account, isOn, context.RequestAborted);
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
