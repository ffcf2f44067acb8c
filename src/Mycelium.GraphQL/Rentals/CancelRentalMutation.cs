using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>The rental to end.</summary>
/// <param name="RentalId">One of the caller's rentals.</param>
/// <param name="IdempotencyKey">8 to 64 visible ASCII characters, such as a UUID.</param>
public sealed record CancelRentalInput([property: ID<Rental>] RentalId RentalId, [IdempotencyKey] string IdempotencyKey);

[MutationType]
public static class CancelRentalMutation
{
    /// <summary>Ends a rental now. The unused time is refunded to the micro-dollar, and the slices become free immediately.</summary>
    [Authorize]
    [GraphQLName("cancelRental")]
    public static Task<ICancelRentalResult> Execute(
        CancelRentalInput input, ClaimsPrincipal user, CancelRental cancel, CancellationToken cancellation) =>
        cancel.Execute(user.RequiredAccountId(), input.RentalId, IdempotencyKey.Parse(input.IdempotencyKey), user.HasPartnerLimits(), cancellation);
}
