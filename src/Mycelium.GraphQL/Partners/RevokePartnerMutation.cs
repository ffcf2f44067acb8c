using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Partners;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Partners;

namespace Mycelium.GraphQL.Partners;

/// <summary>Which account is a partner no more.</summary>
/// <param name="AccountId">The account of the partner's servers.</param>
public sealed record RevokePartnerInput([property: ID("Account")] AccountId AccountId);

[ObjectType<PartnerRevoked>]
[ExtendObjectType<PartnerRevoked>(IgnoreProperties = [nameof(PartnerRevoked.AccountId)])]
public static class PartnerRevokedType
{
    /// <summary>The account, with the roles that it has now.</summary>
    public static async Task<ShownAccount> GetAccount([Parent] PartnerRevoked revoked, AccountReader accounts, CancellationToken cancellation) =>
        AccountQuery.Show((await accounts.FindAsync(revoked.AccountId, cancellation))!); // No account is deleted.
}

[MutationType]
public static class RevokePartnerMutation
{
    /// <summary>
    /// Makes a partner an account like any other, whatever its tokens say: it registers no operations and runs none by their ids any more. What it has registered
    /// stays, should it become a partner again.
    /// </summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("revokePartner")]
    public static async Task<IRevokePartnerResult> Execute(
        RevokePartnerInput input, ClaimsPrincipal user, RevokePartner revoke, Standings standings, CancellationToken cancellation)
    {
        IRevokePartnerResult result = await revoke.Execute(Actor.Of(user.RequiredAccountId()), input.AccountId, cancellation);
        standings.Forget(input.AccountId);
        return result;
    }
}
