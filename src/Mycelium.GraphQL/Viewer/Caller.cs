using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL;

/// <summary>
/// A signed-in caller with their current roles. The sign-in is a property, not a claim, because subscribers with equal claims share their messages.
/// </summary>
public sealed class Caller : ClaimsPrincipal
{
    /// <summary>The claims in the token, without roles. All callers of one sign-in have the same.</summary>
    private readonly Claim[] identity;

    private Caller(Claim[] identity, SignInKey signIn, string securityStamp, IReadOnlySet<string> roles)
        : base(new ClaimsIdentity(
            [.. identity, .. roles.Append(Domain.Accounts.Roles.Renter).Distinct().Select(role => new Claim(ClaimTypes.Role, role))], "Mycelium"))
    {
        this.identity = identity;
        (SignInKey, SecurityStamp, Roles) = (signIn, securityStamp, roles);
    }

    public SignInKey SignInKey { get; }

    /// <summary>The account's security stamp when the token was issued.</summary>
    public string SecurityStamp { get; }

    /// <summary>The granted roles. Every account is a renter, so that role is not included.</summary>
    public IReadOnlySet<string> Roles { get; }

    /// <param name="token">The claims in the token.</param>
    /// <param name="signIn">The sign-in that it belongs to.</param>
    /// <param name="securityStamp">The security stamp in the token.</param>
    public static Caller Of(ClaimsPrincipal token, SignInKey signIn, string securityStamp)
    {
        Claim[] identity =
        [
            .. token.Claims.Where(claim => claim.Type is ClaimTypes.NameIdentifier or ClaimTypes.Name or ClaimTypes.Email)
                .Select(claim => new Claim(claim.Type, claim.Value)),
        ];
        HashSet<string> roles = [.. token.FindAll(ClaimTypes.Role).Select(role => role.Value).Where(role => role != Domain.Accounts.Roles.Renter)];
        return new(identity, signIn, securityStamp, roles);
    }

    /// <summary>Whether the token is still valid.</summary>
    public bool MayStay(AccountStanding standing) => standing.IsOpen && standing.SecurityStamp == SecurityStamp;

    /// <summary>The same caller with the roles that the account has now.</summary>
    public Caller As(AccountStanding standing) => standing.Roles.SetEquals(Roles) ? this : new(identity, SignInKey, SecurityStamp, standing.Roles);
}
