using System.Security.Claims;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Nodes;

namespace Mycelium.GraphQL.Nodes;

/// <summary>Which node goes on the market.</summary>
/// <param name="GridId">A node that the caller has registered.</param>
/// <param name="Grid">The name of the node's grid.</param>
public sealed record PublishNodeInput([GridId] long GridId, string Grid = GridName.Main);

[MutationType]
public static class PublishNodeMutation
{
    /// <summary>Puts a registered node on the market: its slice combinations can be rented from now on.</summary>
    [Authorize]
    [GraphQLName("publishNode")]
    public static async Task<IPublishNodeResult> Execute(
        PublishNodeInput input, ClaimsPrincipal user, GridDirectory grids, PublishNode publish, CancellationToken cancellation) =>
        await grids.NodeIdAsync(input.Grid, input.GridId, cancellation) is { } node
            ? await publish.Execute(user.RequiredAccountId(), node, cancellation)
            : new GridNotFound(input.Grid);
}
