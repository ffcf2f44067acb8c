using System.Security.Claims;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Decides on <see cref="AuthorizeAttribute.Policy"/>.</summary>
public interface IPolicyEvaluator
{
    ValueTask<bool> AllowsAsync(ClaimsPrincipal user, string policy, object? resource);
}
