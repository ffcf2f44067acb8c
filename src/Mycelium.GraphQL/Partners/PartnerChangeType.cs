using Mycelium.Domain.Partners;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Partners;

/// <summary>What the schema shows of <see cref="PartnerGranted"/> and <see cref="PartnerRevoked"/>.</summary>
[ExtendObjectType<IPartnerChange>(IgnoreProperties = [nameof(IPartnerChange.AccountId)])]
public static class PartnerChangeType
{
    /// <summary>The account, with the roles that it has now.</summary>
    public static async Task<ShownAccount> GetAccount([Parent] IPartnerChange change, AccountReader accounts, CancellationToken cancellation) =>
        AccountQuery.Show((await accounts.FindAsync(change.AccountId, cancellation))!); // Accounts are never deleted.
}
