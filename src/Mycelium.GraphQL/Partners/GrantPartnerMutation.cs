using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Partners;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Partners;

namespace Mycelium.GraphQL.Partners;

/// <summary>Which account becomes a partner.</summary>
/// <param name="AccountId">The account of the partner's servers.</param>
public sealed record GrantPartnerInput([property: ID("Account")] AccountId AccountId);

[MutationType]
public static class GrantPartnerMutation
{
    /// <summary>Makes an account a partner, who may register operations. An operator does this once there is a contract.</summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("grantPartner")]
    public static async Task<IGrantPartnerResult> Execute(
        GrantPartnerInput input, ClaimsPrincipal user, PartnerRole partners, Standings standings, CancellationToken cancellation)
    {
        IGrantPartnerResult result = await partners.Grant(Actor.Of(user.RequiredAccountId()), input.AccountId, cancellation);
        standings.Forget(input.AccountId);
        return result;
    }
}
