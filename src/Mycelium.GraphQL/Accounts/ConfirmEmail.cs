using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Handles the links in mails that confirm an address, and resends such mails.</summary>
internal sealed class ConfirmEmail(UserManager<Account> accounts, AccountMails mails, AccountEvents events)
{
    public async Task<Results<ContentHttpResult, ProblemHttpResult>> Execute(string userId, string code, string? changedEmail, HttpContext context)
    {
        if (!mails.IsThere)
            return AccountEndpoints.MailIsMissing();
        if (!Guid.TryParse(userId, out Guid id)
            || AccountMails.Decoded(code) is not { } token
            || await accounts.FindByIdAsync(id.ToString()) is not { } account)
            return Refused();
        if (!await ConfirmAsync(account, token, changedEmail))
            return Refused();
        events.AddressChanged(account.Id, string.IsNullOrEmpty(changedEmail) ? "confirmed" : "changed", context.Connection.RemoteIpAddress);
        return TypedResults.Text("Thank you for confirming your email.");
    }

    public async Task<Results<Ok, ProblemHttpResult>> ResendAsync(ResendConfirmationEmailRequest request, HttpContext context)
    {
        if (!mails.IsThere)
            return AccountEndpoints.MailIsMissing();
        if (await accounts.FindByEmailAsync(request.Email) is { EmailConfirmed: false } account)
            await mails.PostConfirmationAsync(account, context.RequestAborted);
        else
            await mails.PostNothingAsync(request.Email, context.RequestAborted);
        return TypedResults.Ok();
    }

    private async Task<bool> ConfirmAsync(Account account, string token, string? changedEmail)
    {
        if (string.IsNullOrEmpty(changedEmail))
            return (await accounts.ConfirmEmailAsync(account, token)).Succeeded;
        if (await accounts.FindByNameAsync(changedEmail) is { } owner && owner.Id != account.Id)
            return false; // Someone else has signed up with this address in the meantime.
        try
        {
            account.UserName = changedEmail; // People sign in with their address, so both are changed together.
            return (await accounts.ChangeEmailAsync(account, changedEmail, token)).Succeeded;
        }
        catch (Exception failure) when (PostgresFailures.IsDuplicate(failure))
        {
            return false;
        }
    }

    private static ProblemHttpResult Refused() => TypedResults.Problem(statusCode: StatusCodes.Status401Unauthorized);
}
