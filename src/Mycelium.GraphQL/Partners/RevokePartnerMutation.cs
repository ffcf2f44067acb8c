using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Partners;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Partners;

namespace Mycelium.GraphQL.Partners;

/// <summary>The account to revoke.</summary>
/// <param name="AccountId">The account that the partner's servers use.</param>
public sealed record RevokePartnerInput([property: ID("Account")] AccountId AccountId);

[MutationType]
public static class RevokePartnerMutation
{
    /// <summary>
    /// Takes the partner role from an account, whatever its tokens say: it can no longer register operations or run them by their IDs. Its registered documents
    /// are kept in case it becomes a partner again.
    /// </summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("revokePartner")]
    public static async Task<IRevokePartnerResult> Execute(
        RevokePartnerInput input, ClaimsPrincipal user, PartnerRole partners, Standings standings, CancellationToken cancellation)
    {
        IRevokePartnerResult result = await partners.Revoke(Actor.Of(user.RequiredAccountId()), input.AccountId, cancellation);
        standings.Forget(input.AccountId);
        return result;
    }
}
