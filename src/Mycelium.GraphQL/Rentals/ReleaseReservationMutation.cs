using System.Security.Claims;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>The reservation to end.</summary>
/// <param name="ReservationId">One of the caller's reservations.</param>
public sealed record ReleaseReservationInput([property: ID<Reservation>] ReservationId ReservationId);

[MutationType]
public static class ReleaseReservationMutation
{
    /// <summary>Gives held slices back before their time.</summary>
    [Authorize]
    [GraphQLName("releaseReservation")]
    public static Task<IReleaseReservationResult> Execute(
        ReleaseReservationInput input, ClaimsPrincipal user, ReleaseReservation release, CancellationToken cancellation) =>
        release.Execute(user.RequiredAccountId(), input.ReservationId, cancellation);
}
