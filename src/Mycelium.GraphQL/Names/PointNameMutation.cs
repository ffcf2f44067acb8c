using System.Security.Claims;
using Mycelium.Domain.Names;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Names;

namespace Mycelium.GraphQL.Names;

/// <summary>The name, and where it is to lead.</summary>
/// <param name="NameId">One of the caller's names.</param>
/// <param name="RentalId">One of the caller's rentals on the name's grid.</param>
public sealed record PointNameInput([property: ID<ReservedName>] ReservedNameId NameId, [property: ID<Rental>] RentalId RentalId);

[MutationType]
public static class PointNameMutation
{
    /// <summary>Leads a name to another rental. The gateway follows within seconds; <c>isRouted</c> says whether it has.</summary>
    [Authorize]
    [GraphQLName("pointName")]
    public static Task<IPointNameResult> Execute(PointNameInput input, ClaimsPrincipal user, PointName point, CancellationToken cancellation) =>
        point.Execute(user.RequiredAccountId(), input.NameId, input.RentalId, cancellation);
}
