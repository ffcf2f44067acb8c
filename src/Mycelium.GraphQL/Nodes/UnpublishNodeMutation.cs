using System.Security.Claims;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Nodes;

namespace Mycelium.GraphQL.Nodes;

/// <summary>The node to take off the market.</summary>
/// <param name="NodeId">A node that the caller has published: the <c>id</c> of the <c>GridNode</c>.</param>
public sealed record UnpublishNodeInput([property: ID<GridNode>] NodeId NodeId);

[MutationType]
public static class UnpublishNodeMutation
{
    /// <summary>Takes a node off the market. Running rentals continue.</summary>
    [Authorize]
    [GraphQLName("unpublishNode")]
    public static Task<IUnpublishNodeResult> Execute(UnpublishNodeInput input, ClaimsPrincipal user, UnpublishNode unpublish, CancellationToken cancellation) =>
        unpublish.Execute(user.RequiredAccountId(), input.NodeId, cancellation);
}
