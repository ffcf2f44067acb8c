using Mycelium.Domain.Accounts;
using Mycelium.Domain.Farms;
using Mycelium.GraphQL.Engine.TypeSystem;
using Mycelium.GraphQL.Nodes;

namespace Mycelium.GraphQL.Farms;

/// <summary>Whose farms a grid twin's are.</summary>
/// <param name="TwinId">The grid twin that owns the farmer's farms.</param>
/// <param name="AccountId">The farmer's account.</param>
public sealed record LinkFarmerTwinInput([GridNumber] long TwinId, [property: ID("Account")] AccountId AccountId);

[MutationType]
public static class LinkFarmerTwin
{
    /// <summary>Tells whose farms a grid twin's are. An operator does this once the farmer has shown to own the twin.</summary>
    [Authorize(Roles = [Roles.Operator])]
    [GraphQLName("linkFarmerTwin")]
    public static Task<ILinkFarmerTwinResult> Execute(
        LinkFarmerTwinInput input, Infrastructure.Farms.LinkFarmerTwin link, CancellationToken cancellation) =>
        link.Execute(input.TwinId, input.AccountId, cancellation);
}
