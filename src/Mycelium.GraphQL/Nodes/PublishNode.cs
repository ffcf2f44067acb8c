using System.Security.Claims;
using Mycelium.Domain.Nodes;
using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL.Nodes;

/// <summary>Which node goes on the market.</summary>
/// <param name="GridId">A node that the caller has registered.</param>
public sealed record PublishNodeInput([GridNumber] long GridId);

[MutationType]
public static class PublishNode
{
    /// <summary>Puts a registered node on the market: its slice combinations can be rented from now on.</summary>
    [Authorize]
    [GraphQLName("publishNode")]
    public static Task<IPublishNodeResult> Execute(
        PublishNodeInput input, ClaimsPrincipal user, Infrastructure.Nodes.PublishNode publish, CancellationToken cancellation) =>
        publish.Execute(user.RequiredAccountId(), new NodeId(input.GridId), cancellation);
}
