using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Mycelium.GraphQL.Engine.CodeFirst;

namespace Mycelium.GraphQL.Engine.Transport;

/// <summary>Policies of <c>[Authorize(Policy = …)]</c> are those of ASP.NET Core's authorization.</summary>
internal sealed class AspNetCorePolicies(IAuthorizationService authorization) : IPolicyEvaluator
{
    public async ValueTask<bool> AllowsAsync(ClaimsPrincipal user, string policy, object? resource) =>
        (await authorization.AuthorizeAsync(user, resource, policy)).Succeeded;
}
