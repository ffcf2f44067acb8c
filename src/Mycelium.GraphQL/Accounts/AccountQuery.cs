using Microsoft.AspNetCore.Identity;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

[QueryType]
public static class AccountQuery
{
    /// <summary>The account with this e-mail address; null if there is none. For operators.</summary>
    /// <param name="email">The address that the account signs in with. Case does not matter.</param>
    [Authorize(Roles = [Roles.Operator])]
    public static async Task<ShownAccount?> GetAccount(string email, AccountReader accounts, ILookupNormalizer names, CancellationToken cancellation) =>
        // PostgreSQL has no text with U+0000, and no account has such an address.
        !email.Contains('\0', StringComparison.Ordinal) && await accounts.FindAsync(names.NormalizeEmail(email), cancellation) is { } found
            ? Show(found)
            : null;

    internal static ShownAccount Show(AccountSummary account) => new(account.Id, account.Email, account.Roles);
}
