using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Partners;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Partners;

namespace Mycelium.GraphQL.Partners;

/// <summary>The account to make a partner.</summary>
/// <param name="AccountId">The account that the partner's servers use.</param>
public sealed record GrantPartnerInput([property: ID("Account")] AccountId AccountId);

[MutationType]
public static class GrantPartnerMutation
{
    /// <summary>Makes an account a partner, which may register operations. Operators do this once there is a contract.</summary>
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
