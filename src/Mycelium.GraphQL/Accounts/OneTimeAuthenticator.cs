using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>Checks authenticator codes as ASP.NET Core Identity does, but accepts each code only once.</summary>
internal sealed class OneTimeAuthenticator(OneTimeCodes codes, IHttpContextAccessor caller) : AuthenticatorTokenProvider<Account>
{
    public override async Task<bool> ValidateAsync(string purpose, string token, UserManager<Account> manager, Account user) =>
        await base.ValidateAsync(purpose, token, manager, user)
        // Parsed as the base class does: a leading space does not make it a different code.
        && await codes.TryUseAsync(
            new AccountId(user.Id), int.Parse(token, CultureInfo.CurrentCulture), caller.HttpContext?.RequestAborted ?? CancellationToken.None);
}
