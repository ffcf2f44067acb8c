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
/// <param name="Grid">The name of the twin's grid. The same number on two grids means two unrelated twins.</param>
public sealed record LinkFarmerTwinInput([GridId] long TwinId, [property: ID("Account")] AccountId AccountId, string Grid = GridName.Main);

[MutationType]
public static class LinkFarmerTwinMutation
{
    /// <summary>
    /// Gives the farms of a grid twin to an account, which becomes a farmer. An operator does this after the farmer has proved that the twin is theirs. The
    /// twin must own a farm that Mycelium has read. <c>unlinkFarmerTwin</c> undoes it.
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
