using System.Security.Claims;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Nodes;

/// <summary>Which node leaves the market.</summary>
/// <param name="GridId">A node that the caller has published.</param>
public sealed record UnpublishNodeInput([GridNumber] long GridId);

[MutationType]
public static class UnpublishNode
{
    /// <summary>Takes a node off the market. What is rented stays rented.</summary>
    [Authorize]
    [GraphQLName("unpublishNode")]
    public static Task<IUnpublishNodeResult> Execute(
        UnpublishNodeInput input, ClaimsPrincipal user, Infrastructure.Nodes.UnpublishNode unpublish, CancellationToken cancellation) =>
        unpublish.Execute(user.RequiredAccountId(), new NodeId(input.GridId), cancellation);
}
