using System.Security.Claims;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Is notified of every field that <see cref="AuthorizeAttribute"/> refuses to a signed-in user. Registered as a service.</summary>
public interface IAuthorizationObserver
{
    /// <param name="user">The user whose request was refused.</param>
    /// <param name="field">The field's name.</param>
    void Refused(ClaimsPrincipal user, string field);
}
