using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.GraphQL.Engine.Execution;

namespace Mycelium.GraphQL;

/// <summary>How much a request may cost, by caller.</summary>
public sealed class ViewerCosts : ICostLimits
{
    public CostLimits For(GraphQLRequest request) => Of(request.User);

    /// <summary>The highest limits that the viewer's roles allow.</summary>
    public static CostLimits Of(ClaimsPrincipal user) => user switch
    {
        { Identity.IsAuthenticated: not true } => Limits.AnonymousCost,
        _ when user.IsInRole(Roles.Operator) => Limits.OperatorCost,
        _ when user.IsInRole(Roles.Partner) => Limits.PartnerCost,
        _ => Limits.AccountCost,
    };
}
