using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Replaces a forgotten password by a code that a mail brings. Asking for one is answered alike for every address.</summary>
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

    /// <summary>Whoever has the code reads mail of the address: it is confirmed, and this network is one to sign in from.</summary>
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
