using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Microsoft.Extensions.Options;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Creates an account. The response is the same whether or not the address already has one; only the mail, which the owner of the address
/// reads, tells the difference. Both cases hash a password and queue one mail, so that they take the same time.
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
        if (known is null) // It was deleted just now.
            await mails.PostNothingAsync(request.Email, cancellation);
        else
        {
            events.SignUpRepeated(known.Id, context.Connection.RemoteIpAddress);
            // We cannot know who set this password. Removing it invalidates the links in earlier mails; the code in this mail sets a new
            // one. Of two simultaneous requests, the one that removes it sends the mail.
            bool isUnproven = !known.EmailConfirmed && known.PasswordHash is not null && settings.Value.RequireConfirmedEmail;
            if (!isUnproven || (await accounts.RemovePasswordAsync(known)).Succeeded)
                await mails.PostAlreadySignedUpAsync(known, cancellation);
        }
        return TypedResults.Ok();
    }

    /// <returns>False if the address has an account, even one created a moment ago.</returns>
    private async Task<bool> CreateAsync(Account account, string password)
    {
        if (await accounts.FindByNameAsync(account.Email!) is not null || await accounts.FindByEmailAsync(account.Email!) is not null)
        {
            accounts.PasswordHasher.HashPassword(account, password); // Takes as long as creating an account.
            return false;
        }
        try
        {
            IdentityResult created = await accounts.CreateAsync(account, password);
            return created.Succeeded;
        }
        catch (Exception failure) when (PostgresFailures.IsDuplicate(failure)) // Of two simultaneous requests, PostgreSQL refuses one.
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
