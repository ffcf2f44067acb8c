using System.Security.Claims;

namespace Mycelium.GraphQL.Engine.CodeFirst;

/// <summary>Decides on <see cref="AuthorizeAttribute.Policy"/>.</summary>
internal interface IPolicyEvaluator
{
    ValueTask<bool> AllowsAsync(ClaimsPrincipal user, string policy, object? resource);
}
