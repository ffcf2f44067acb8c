using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Replaces a forgotten password, with a code that is sent by mail. The response to requesting a code is the same for every address.</summary>
internal sealed class ResetPassword(UserManager<Account> accounts, SignInTries tries, AccountMails mails, AccountEvents events)
{
    public async Task<Results<Ok, ProblemHttpResult>> ForgetAsync(ForgotPasswordRequest request, HttpContext context)
    {
        if (!mails.IsThere)
            return AccountEndpoints.MailIsMissing();
        if (await accounts.FindByEmailAsync(request.Email) is { } account)
            await mails.PostResetAsync(account, context.RequestAborted);
        else
            await mails.PostNothingAsync(request.Email, context.RequestAborted);
        return TypedResults.Ok();
    }

    /// <summary>
    /// Whoever has the code can read the mail of the address. So the address is confirmed, and the caller's network is trusted for signing
    /// in.
    /// </summary>
    public async Task<Results<Ok, ValidationProblem, ProblemHttpResult>> Execute(ResetPasswordRequest request, HttpContext context)
    {
        if (!mails.IsThere)
            return AccountEndpoints.MailIsMissing();
        if (AccountMails.Decoded(request.ResetCode) is not { } token || await accounts.FindByEmailAsync(request.Email) is not { } account)
            return AccountEndpoints.Refused(AccountEndpoints.Describer.InvalidToken());
        account.EmailConfirmed = true;
        IdentityResult result = await accounts.ResetPasswordAsync(account, token, request.NewPassword);
        if (!result.Succeeded)
            return AccountEndpoints.Refused([.. result.Errors]);
        await tries.TakeBackAsync(SignIn.Try(accounts, account.UserName!, context), context.RequestAborted);
        events.PasswordChanged(account.Id, "reset", context.Connection.RemoteIpAddress);
        return TypedResults.Ok();
    }
}
