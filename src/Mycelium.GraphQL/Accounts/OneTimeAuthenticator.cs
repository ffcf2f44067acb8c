using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>ASP.NET Core Identity's codes of an authenticator, each of which counts once.</summary>
internal sealed class OneTimeAuthenticator(OneTimeCodes codes, IHttpContextAccessor caller) : AuthenticatorTokenProvider<Account>
{
    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<Account> manager, Account user) =>
        await base.ValidateAsync(purpose, token, manager, user)
        // As the base reads it: the same code with a space before it is the same code.
        && await codes.TryUseAsync(new AccountId(user.Id), int.Parse(token, CultureInfo.CurrentCulture), caller.HttpContext?.RequestAborted ?? CancellationToken.None);
}
