using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL;

/// <summary>
/// Somebody who is signed in, with their current roles. What tells one sign-in of an account from another is not a claim, because subscribers with equal claims share their messages.
/// </summary>
public sealed class Caller : ClaimsPrincipal
{
    /// <summary>The claims that the token was sealed with, without roles; every caller of one sign-in has the same ones.</summary>
    private readonly Claim[] who;

    private Caller(Claim[] who, SignInKey signIn, string securityStamp, IReadOnlySet<string> roles)
        : base(new ClaimsIdentity([.. who, .. roles.Append(Domain.Accounts.Roles.Renter).Distinct().Select(role => new Claim(ClaimTypes.Role, role))], "Mycelium"))
    {
        this.who = who;
        (SignInKey, SecurityStamp, Roles) = (signIn, securityStamp, roles);
    }

    public SignInKey SignInKey { get; }

    /// <summary>The account's security stamp when the token was issued.</summary>
    public string SecurityStamp { get; }

    /// <summary>Roles that were granted. Everybody is a renter, so that one is not among them.</summary>
    public IReadOnlySet<string> Roles { get; }

    /// <param name="token">What the token says.</param>
    /// <param name="signIn">The sign-in that it belongs to.</param>
    /// <param name="securityStamp">The one in the token.</param>
    public static Caller Of(ClaimsPrincipal token, SignInKey signIn, string securityStamp)
    {
        Claim[] who = [.. token.Claims.Where(claim => claim.Type is ClaimTypes.NameIdentifier or ClaimTypes.Name or ClaimTypes.Email).Select(claim => new Claim(claim.Type, claim.Value))];
        HashSet<string> roles = [.. token.FindAll(ClaimTypes.Role).Select(role => role.Value).Where(role => role != Domain.Accounts.Roles.Renter)];
        return new(who, signIn, securityStamp, roles);
    }

    /// <summary>Whether the token still counts.</summary>
    public bool MayStay(AccountStanding standing) => standing.IsOpen && standing.SecurityStamp == SecurityStamp;

    /// <summary>The same caller with the roles that the account has now.</summary>
    public Caller As(AccountStanding standing) => standing.Roles.SetEquals(Roles) ? this : new(who, SignInKey, SecurityStamp, standing.Roles);
}
