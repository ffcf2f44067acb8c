using System.Security.Claims;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Nodes;

namespace Mycelium.GraphQL.Nodes;

/// <summary>The node to publish.</summary>
/// <param name="NodeId">A node that the caller has registered: the <c>id</c> of the <c>GridNode</c>.</param>
public sealed record PublishNodeInput([property: ID<GridNode>] NodeId NodeId);

[MutationType]
public static class PublishNodeMutation
{
    /// <summary>Puts a registered node on the market, so that its slice combinations can be rented.</summary>
    [Authorize]
    [GraphQLName("publishNode")]
    public static Task<IPublishNodeResult> Execute(PublishNodeInput input, ClaimsPrincipal user, PublishNode publish, CancellationToken cancellation) =>
        publish.Execute(user.RequiredAccountId(), input.NodeId, cancellation);
}
