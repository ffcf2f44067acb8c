using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Farms;
using Mycelium.Domain.Grids;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Nodes;
using Mycelium.Infrastructure.Farms;
using Mycelium.Infrastructure.Grid;

namespace Mycelium.GraphQL.Farms;

/// <summary>A farmer's identity on a grid.</summary>
/// <param name="TwinId">The grid twin that owns the farmer's farms.</param>
/// <param name="AccountId">The farmer's account.</param>
/// <param name="Grid">The name of the twin's grid. Twins of two grids with the same number have nothing to do with each other.</param>
public sealed record LinkFarmerTwinInput([GridId] long TwinId, [property: ID("Account")] AccountId AccountId, string Grid = GridName.Main);

[MutationType]
public static class LinkFarmerTwinMutation
{
    /// <summary>
    /// Makes the farms of a grid's twin the account's, and the account a farmer. An operator does this once the farmer has shown that the twin is theirs. The twin has to own
    /// a farm that has been read; unlinkFarmerTwin takes it back.
    /// </summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("linkFarmerTwin")]
    public static async Task<ILinkFarmerTwinResult> Execute(
        LinkFarmerTwinInput input, ClaimsPrincipal user, GridDirectory grids, LinkFarmerTwin link, Standings standings, CancellationToken cancellation)
    {
        if (await grids.FindAsync(input.Grid, cancellation) is not { } grid)
            return new GridNotFound(input.Grid);
        ILinkFarmerTwinResult result = await link.Execute(Actor.Of(user.RequiredAccountId()), grid, input.TwinId, input.AccountId, cancellation);
        standings.Forget(input.AccountId);
        return result;
    }
}
