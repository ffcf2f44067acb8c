using Microsoft.AspNetCore.Authentication.BearerToken;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.Data;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Edge;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// Signs an account in. All failures get the same response, and a password is hashed whether or not the account exists, so that neither the
/// text nor the time reveals which addresses have an account.
/// </summary>
internal sealed class SignIn(
    UserManager<Account> accounts, SignInTable signIns, SignInTries tries, StandingReader standings, TokenIssuer tokens,
    AccountMails mails, AccountEvents events, DecoyPassword decoyPassword,
    IOptions<AccountSettings> settings, TimeProvider clock)
{
    /// <summary>Stands in for an account that does not exist.</summary>
    private static readonly Account nobody = new();

    public async Task<Results<Ok<AccessTokenResponse>, ProblemHttpResult>> Execute(LoginRequest request, HttpContext context)
    {
        CancellationToken cancellation = context.RequestAborted;
        SignInTry attempt = Try(accounts, request.Email, context);
        bool mayTry = await tries.CountAsync(attempt, cancellation);
        Account? account = await accounts.FindByNameAsync(request.Email);
        if (!mayTry)
            return Failed(account, "locked_out", context);
        if (account?.PasswordHash is null)
        {
            accounts.PasswordHasher.VerifyHashedPassword(nobody, decoyPassword.Hash, request.Password);
            return Failed(account, "unknown", context);
        }
        if (!await accounts.CheckPasswordAsync(account, request.Password))
            return Failed(account, "password", context);
        if (account.LockoutEnd > clock.GetUtcNow())
            return Failed(account, "locked", context);
        if (settings.Value.RequireConfirmedEmail && !account.EmailConfirmed)
        {
            await mails.PostConfirmationAsync(account, cancellation);
            return Failed(account, "unconfirmed", context);
        }
        if (account.TwoFactorEnabled && !await HasSecondFactorAsync(account, request))
        {
            if (!string.IsNullOrEmpty(request.TwoFactorCode) || !string.IsNullOrEmpty(request.TwoFactorRecoveryCode))
                return Failed(account, "second_factor", context);
            // This is also what a stolen password looks like.
            events.SignInFailed(account.Id, "second_factor_missing", context.Connection.RemoteIpAddress);
            return TypedResults.Problem("RequiresTwoFactor", statusCode: StatusCodes.Status401Unauthorized);
        }

        await tries.TakeBackAsync(attempt, cancellation);
        SignInKey signIn = await signIns.BeginAsync(new AccountId(account.Id), settings.Value.RefreshLifetime, cancellation);
        IReadOnlyList<AccountStanding> standing = await standings.ReadAsync([signIn], cancellation);
        events.SignedIn(account.Id, signIn.SignIn, context.Connection.RemoteIpAddress);
        return TypedResults.Ok(tokens.Issue(signIn, 1, account.SecurityStamp!, account.UserName!, account.Email!, standing[0].Roles));
    }

    internal static SignInTry Try(UserManager<Account> accounts, string name, HttpContext context) =>
        SignInTry.Of(accounts.NormalizeName(name), CallerAddress.Of(context.Connection.RemoteIpAddress));

    private async Task<bool> HasSecondFactorAsync(Account account, LoginRequest request)
    {
        if (!string.IsNullOrEmpty(request.TwoFactorCode))
            return await accounts.VerifyTwoFactorTokenAsync(account, accounts.Options.Tokens.AuthenticatorTokenProvider, request.TwoFactorCode);
        return !string.IsNullOrEmpty(request.TwoFactorRecoveryCode)
            && (await accounts.RedeemTwoFactorRecoveryCodeAsync(account, request.TwoFactorRecoveryCode)).Succeeded;
    }

    private ProblemHttpResult Failed(Account? account, string reason, HttpContext context)
    {
        events.SignInFailed(account?.Id, reason, context.Connection.RemoteIpAddress);
        return TypedResults.Problem("Failed", statusCode: StatusCodes.Status401Unauthorized);
    }
}

/// <summary>A hash that matches no password, created once and with the same cost as those of accounts.</summary>
internal sealed class DecoyPassword(IOptions<PasswordHasherOptions> options)
{
    private readonly Lazy<string> hash = new(() => new PasswordHasher<Account>(options).HashPassword(new Account(), Guid.NewGuid().ToString()));

    public string Hash => hash.Value;
}
