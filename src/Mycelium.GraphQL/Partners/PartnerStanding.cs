using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Partners;

namespace Mycelium.GraphQL.Partners;

/// <summary>
/// Takes the role of a partner from callers whose token still has it and whose account has not: from each request, and from each operation on a socket. What
/// PostgreSQL says is believed for <see cref="Limits.PartnerStandingFor"/>; callers of one account who come together share one look.
/// </summary>
public sealed class PartnerStanding(PartnerRoles roles, TimeProvider clock) : IClaimsTransformation
{
    private readonly RecentlyUsed<AccountId, Look> looks = new(Limits.PartnerLookupsMax);

    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal) =>
        !principal.IsInRole(Roles.Partner) || principal.AccountId() is not { } account || await IsPartnerAsync(account) ? principal : WithoutRole(principal);

    /// <summary>The account has become a partner, or is none any more: this replica asks anew at once, the others soon.</summary>
    public void Forget(AccountId account) => looks.Remove(account);

    private async Task<bool> IsPartnerAsync(AccountId account)
    {
        Look look = looks.GetOrAdd(account, Begin);
        if (look.IsOver(clock.GetUtcNow()))
            look = looks.Replace(account, look, Begin);
        try
        {
            return await look.IsPartner.WaitAsync(Limits.PartnerStandingFor, clock); // What follows needs the rest of the request's time.
        }
        catch (Exception failure) when (failure is StoreUnavailableException or TimeoutException)
        {
            return true; // The token's word stands: all that the role allows needs PostgreSQL too.
        }
    }

    /// <summary>No caller's cancellation ends what others wait for; the database's own time-outs do.</summary>
    private Look Begin(AccountId account) => new(roles.HasAsync(account, CancellationToken.None), clock.GetUtcNow() + Limits.PartnerStandingFor);

    private static ClaimsPrincipal WithoutRole(ClaimsPrincipal principal)
    {
        ClaimsIdentity[] identities = [.. principal.Identities.Select(identity => identity.Clone())];
        foreach (ClaimsIdentity identity in identities)
        {
            foreach (Claim role in identity.FindAll(claim => claim.Type == identity.RoleClaimType && claim.Value == Roles.Partner).ToArray())
                identity.RemoveClaim(role);
        }
        return new ClaimsPrincipal(identities);
    }

    private sealed record Look(Task<bool> IsPartner, DateTimeOffset GoodUntil)
    {
        /// <summary>A failure is asked about anew by the next caller.</summary>
        public bool IsOver(DateTimeOffset now) => IsPartner.IsCompleted && (!IsPartner.IsCompletedSuccessfully || now >= GoodUntil);
    }
}
