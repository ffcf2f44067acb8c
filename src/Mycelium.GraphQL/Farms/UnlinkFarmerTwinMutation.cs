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

/// <summary>The twin to unlink.</summary>
/// <param name="TwinId">A twin that is linked to an account.</param>
/// <param name="Grid">The name of the twin's grid.</param>
public sealed record UnlinkFarmerTwinInput([GridId] long TwinId, string Grid = GridName.Main);

[MutationType]
public static class UnlinkFarmerTwinMutation
{
    /// <summary>
    /// Unlinks a grid twin and its farms from the account. If it was the account's last twin, the account is no longer a farmer. Running rentals continue. The
    /// twin can then be linked to another account.
    /// </summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("unlinkFarmerTwin")]
    public static async Task<IUnlinkFarmerTwinResult> Execute(
        UnlinkFarmerTwinInput input, ClaimsPrincipal user, GridDirectory grids, UnlinkFarmerTwin unlink, Standings standings, CancellationToken cancellation)
    {
        if (await grids.FindAsync(input.Grid, cancellation) is not { } grid)
            return new GridNotFound(input.Grid);
        IUnlinkFarmerTwinResult result = await unlink.Execute(Actor.Of(user.RequiredAccountId()), grid, input.TwinId, cancellation);
        if (result is FarmerTwinUnlinked unlinked)
            standings.Forget(unlinked.AccountId);
        return result;
    }
}
