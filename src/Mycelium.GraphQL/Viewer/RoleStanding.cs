using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Events;

namespace Mycelium.GraphQL;

/// <summary>
/// Takes a role that was given from callers whose token still has it and whose account has not: from each request, and from each operation on a socket. What
/// PostgreSQL says is believed for <see cref="Limits.RoleStandingFor"/>; callers of one account who come together share one look.
/// </summary>
public sealed class RoleStanding : IClaimsTransformation
{
    /// <summary>What everybody has who signed up is not among them: a renter costs no look.</summary>
    private static readonly string[] given = [Roles.Farmer, Roles.Operator, Roles.Partner];

    private readonly RecentlyUsed<AccountId, Look> looks = new(Limits.PartnerLookupsMax);
    private readonly CurrentRoles roles;
    private readonly TimeProvider clock;

    public RoleStanding(CurrentRoles roles, Restores restores, TimeProvider clock)
    {
        (this.roles, this.clock) = (roles, clock);
        restores.Happened += looks.Clear;
    }

    public async Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
    {
        string[] claimed = [.. given.Where(principal.IsInRole)];
        if (claimed is [] || principal.AccountId() is not { } account || await HeldAsync(account) is not { } held)
            return principal;
        string[] lost = [.. claimed.Where(role => !held.Contains(role))];
        return lost is [] ? principal : Without(principal, lost);
    }

    /// <summary>Whether the account is a farmer now: the token of somebody who has just become one does not say so yet.</summary>
    public async Task<bool> IsFarmerAsync(ClaimsPrincipal user, AccountId account) =>
        await HeldAsync(account) is { } held ? held.Contains(Roles.Farmer) : user.IsInRole(Roles.Farmer);

    /// <summary>The account was given a role, or one was taken from it: this replica looks again at once, the others soon.</summary>
    public void Forget(AccountId account) => looks.Remove(account);

    /// <summary>Null without PostgreSQL: then the token's word stands, since all that a role allows needs PostgreSQL too.</summary>
    private async Task<IReadOnlySet<string>?> HeldAsync(AccountId account)
    {
        Look look = looks.GetOrAdd(account, Begin);
        if (look.IsOver(clock.GetUtcNow()))
            look = looks.Replace(account, look, Begin);
        try
        {
            return await look.Held.WaitAsync(Limits.RoleStandingFor, clock); // What follows needs the rest of the request's time.
        }
        catch (Exception failure) when (failure is StoreUnavailableException or TimeoutException)
        {
            return null;
        }
    }

    /// <summary>No caller's cancellation ends what others wait for; the database's own time-outs do.</summary>
    private Look Begin(AccountId account) => new(roles.OfAsync(account, CancellationToken.None), clock.GetUtcNow() + Limits.RoleStandingFor);

    private static ClaimsPrincipal Without(ClaimsPrincipal principal, string[] lost)
    {
        ClaimsIdentity[] identities = [.. principal.Identities.Select(identity => identity.Clone())];
        foreach (ClaimsIdentity identity in identities)
        {
            foreach (Claim role in identity.FindAll(claim => claim.Type == identity.RoleClaimType && lost.Contains(claim.Value)).ToArray())
                identity.RemoveClaim(role);
        }
        return new ClaimsPrincipal(identities);
    }

    private sealed record Look(Task<IReadOnlySet<string>> Held, DateTimeOffset GoodUntil)
    {
        /// <summary>A failure is looked up again by the next caller.</summary>
        public bool IsOver(DateTimeOffset now) => Held.IsCompleted && (!Held.IsCompletedSuccessfully || now >= GoodUntil);
    }
}
