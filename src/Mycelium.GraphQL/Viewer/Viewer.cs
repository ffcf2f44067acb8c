using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Engine.Errors;

namespace Mycelium.GraphQL;

/// <summary>Who is calling and what they may see, read from the token's claims.</summary>
public static class Viewer
{
    /// <summary>The caller's account, or null for anonymous callers.</summary>
    public static AccountId? AccountId(this ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue(ClaimTypes.NameIdentifier), out Guid id) ? new AccountId(id) : null;

    /// <summary>
    /// Whether the caller has the higher limits for renting and for requests: a partner's account acts for many customers, and operators
    /// are trusted.
    /// </summary>
    public static bool HasPartnerLimits(this ClaimsPrincipal user) => user.IsInRole(Roles.Partner) || user.IsInRole(Roles.Operator);

    /// <exception cref="GraphQLException">The caller is anonymous.</exception>
    public static AccountId RequiredAccountId(this ClaimsPrincipal user) =>
        user.AccountId()
        ?? throw new GraphQLException("Sign in first: send the token from /account/login as Authorization: Bearer ….", ErrorCodes.Unauthenticated);
}
