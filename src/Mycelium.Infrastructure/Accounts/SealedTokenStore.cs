using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.WebUtilities;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// ASP.NET Core Identity's store, with second factors sealed by the key ring: keys of authenticators and recovery codes lie in <c>account_tokens</c>, and whoever has a backup and cracks a password must not
/// have the second factor with it. What was stored before reads as it is, and is sealed when it changes.
/// </summary>
public sealed class SealedTokenStore(MyceliumDb db, IDataProtectionProvider protection, IdentityErrorDescriber describer)
    : UserStore<Account, IdentityRole<Guid>, MyceliumDb, Guid>(db, describer)
{
    private const string Prefix = "sealed:";
    private readonly IDataProtector protector = protection.CreateProtector("Mycelium.AccountTokens");

    public override async Task<string?> GetTokenAsync(Account user, string loginProvider, string name, CancellationToken cancellationToken)
    {
        string? value = await base.GetTokenAsync(user, loginProvider, name, cancellationToken).ConfigureAwait(false);
        return value is not null && value.StartsWith(Prefix, StringComparison.Ordinal)
            ? Encoding.UTF8.GetString(protector.Unprotect(WebEncoders.Base64UrlDecode(value[Prefix.Length..])))
            : value;
    }

    public override Task SetTokenAsync(Account user, string loginProvider, string name, string? value, CancellationToken cancellationToken) =>
        base.SetTokenAsync(user, loginProvider, name, value is null ? null : Prefix + WebEncoders.Base64UrlEncode(protector.Protect(Encoding.UTF8.GetBytes(value))), cancellationToken);
}
