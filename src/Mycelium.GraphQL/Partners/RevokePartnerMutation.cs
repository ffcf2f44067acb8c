using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Partners;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Partners;

namespace Mycelium.GraphQL.Partners;

/// <summary>Which account is a partner no more.</summary>
/// <param name="AccountId">The account of the partner's servers.</param>
public sealed record RevokePartnerInput([property: ID("Account")] AccountId AccountId);

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
        RevokePartnerInput input, ClaimsPrincipal user, PartnerRole partners, Standings standings, CancellationToken cancellation)
    {
        IRevokePartnerResult result = await partners.Revoke(Actor.Of(user.RequiredAccountId()), input.AccountId, cancellation);
        standings.Forget(input.AccountId);
        return result;
    }
}
