using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Signs somebody up. The answer is the same whether or not the address has an account: the mail says which, to whoever reads mail of that address. Both ways hash a password and write one mail, so that
/// their times are alike.
/// </summary>
internal sealed class SignUp(UserManager<Account> accounts, AccountMails mails, AccountEvents events, IOptions<AccountSettings> settings)
{
    public async Task<Results<Ok, ValidationProblem, ProblemHttpResult>> Execute(RegisterRequest request, HttpContext context)
    {
        if (!mails.IsThere && settings.Value.RequireConfirmedEmail)
            return AccountEndpoints.MailIsMissing();
        var account = new Account { UserName = request.Email, Email = request.Email };
        if (!AccountEndpoints.IsAddress(request.Email, accounts))
            return AccountEndpoints.Refused(AccountEndpoints.Describer.InvalidEmail(request.Email));
        if (await FaultsAsync(account, request.Password) is { Length: > 0 } faults)
            return AccountEndpoints.Refused(faults);

        CancellationToken cancellation = context.RequestAborted;
        if (await CreateAsync(account, request.Password))
        {
            events.SignedUp(account.Id, context.Connection.RemoteIpAddress);
            await mails.PostConfirmationAsync(account, cancellation);
            return TypedResults.Ok();
        }
        Account? known = await accounts.FindByNameAsync(request.Email) ?? await accounts.FindByEmailAsync(request.Email);
        if (known is null) // It was deleted in this moment.
            await mails.PostNothingAsync(request.Email, cancellation);
        else
        {
            events.SignUpRepeated(known.Id, context.Connection.RemoteIpAddress);
            // We cannot know who set this password. Removing it voids the links of earlier mails; the code of this one sets another. Of two requests at once, the one that wins sends the mail.
            bool isUnproven = !known.EmailConfirmed && known.PasswordHash is not null && settings.Value.RequireConfirmedEmail;
            if (!isUnproven || (await accounts.RemovePasswordAsync(known)).Succeeded)
                await mails.PostAlreadySignedUpAsync(known, cancellation);
        }
        return TypedResults.Ok();
    }

    /// <returns>False when the address has an account, maybe since this moment.</returns>
    private async Task<bool> CreateAsync(Account account, string password)
    {
        if (await accounts.FindByNameAsync(account.Email!) is not null || await accounts.FindByEmailAsync(account.Email!) is not null)
        {
            accounts.PasswordHasher.HashPassword(account, password); // What creating one costs.
            return false;
        }
        try
        {
            IdentityResult created = await accounts.CreateAsync(account, password);
            return created.Succeeded;
        }
        catch (Exception failure) when (PostgresFailures.IsDuplicate(failure)) // Of two at the same time, PostgreSQL refuses one.
        {
            return false;
        }
    }

    private async Task<IdentityError[]> FaultsAsync(Account account, string password)
    {
        List<IdentityError> faults = [];
        foreach (IPasswordValidator<Account> validator in accounts.PasswordValidators)
            faults.AddRange((await validator.ValidateAsync(accounts, account, password)).Errors);
        return [.. faults];
    }
}
