using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Units;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Nodes;

namespace Mycelium.GraphQL.Nodes;

/// <summary>The node to register, and its first price.</summary>
/// <param name="GridId">The node's number on its grid. Its farm's twin must be linked to the caller's account.</param>
/// <param name="PricePerSliceHour">The price of one base slice for an hour. Without it, the node gets the platform's default price.</param>
/// <param name="IdempotencyKey">8 to 64 visible ASCII characters, such as a UUID.</param>
/// <param name="Grid">The name of the node's grid.</param>
public sealed record RegisterNodeInput(
    [GridId] long GridId, [IdempotencyKey] string IdempotencyKey, MicroUsdPerHour? PricePerSliceHour = null, string Grid = GridName.Main);

[MutationType]
public static class RegisterNodeMutation
{
    /// <summary>Registers a node of the caller's farm, so that the caller can price and publish it.</summary>
    [Authorize]
    [GraphQLName("registerNode")]
    public static async Task<IRegisterNodeResult> Execute(
        RegisterNodeInput input, ClaimsPrincipal user, GridDirectory grids, RegisterNode register, CancellationToken cancellation) =>
        await grids.FindAsync(input.Grid, cancellation) is { } grid
            ? await register.Execute(
                user.RequiredAccountId(), grid, input.GridId, input.PricePerSliceHour, IdempotencyKey.Parse(input.IdempotencyKey), cancellation)
            : new GridNotFound(input.Grid);
}
