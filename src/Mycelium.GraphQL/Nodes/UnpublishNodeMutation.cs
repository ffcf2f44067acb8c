using System.Security.Claims;
using Mycelium.Domain.Grids;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Grid;
using Mycelium.Infrastructure.Nodes;

namespace Mycelium.GraphQL.Nodes;

/// <summary>Which node leaves the market.</summary>
/// <param name="GridId">A node that the caller has published.</param>
/// <param name="Grid">The name of the node's grid.</param>
public sealed record UnpublishNodeInput([GridId] long GridId, string Grid = GridName.Main);

[MutationType]
public static class UnpublishNodeMutation
{
    /// <summary>Takes a node off the market. What is rented stays rented.</summary>
    [Authorize]
    [GraphQLName("unpublishNode")]
    public static async Task<IUnpublishNodeResult> Execute(
        UnpublishNodeInput input, ClaimsPrincipal user, GridDirectory grids, UnpublishNode unpublish, CancellationToken cancellation) =>
        await grids.NodeIdAsync(input.Grid, input.GridId, cancellation) is { } node
            ? await unpublish.Execute(user.RequiredAccountId(), node, cancellation)
            : new GridNotFound(input.Grid);
}
