using System.Security.Claims;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Hears of every field that <see cref="AuthorizeAttribute"/> refuses to somebody who is signed in. Registered as a service.</summary>
public interface IAuthorizationObserver
{
    /// <param name="user">Who asked.</param>
    /// <param name="field">The field's name.</param>
    void Refused(ClaimsPrincipal user, string field);
}
