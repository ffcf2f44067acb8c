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

/// <summary>The account to make a partner.</summary>
/// <param name="AccountId">The account that the partner's servers use.</param>
public sealed record GrantPartnerInput([property: ID("Account")] AccountId AccountId);

[ObjectType<PartnerGranted>]
[ExtendObjectType<PartnerGranted>(IgnoreProperties = [nameof(PartnerGranted.AccountId)])]
public static class PartnerGrantedType
{
    /// <summary>The account, with the roles that it has now.</summary>
    public static async Task<ShownAccount> GetAccount([Parent] PartnerGranted granted, AccountReader accounts, CancellationToken cancellation) =>
        AccountQuery.Show((await accounts.FindAsync(granted.AccountId, cancellation))!); // Accounts are never deleted.
}

[MutationType]
public static class GrantPartnerMutation
{
    /// <summary>Makes an account a partner, which may register operations. Operators do this once there is a contract.</summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("grantPartner")]
    public static async Task<IGrantPartnerResult> Execute(
        GrantPartnerInput input, ClaimsPrincipal user, GrantPartner grant, Standings standings, CancellationToken cancellation)
    {
        IGrantPartnerResult result = await grant.Execute(Actor.Of(user.RequiredAccountId()), input.AccountId, cancellation);
        standings.Forget(input.AccountId);
        return result;
    }
}
