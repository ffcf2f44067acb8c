using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>The rental to move, and where to.</summary>
/// <param name="RentalId">One of the caller's rentals, whose node is down.</param>
/// <param name="SliceCombinationId">A combination of another node. The rental's slices must be a whole number of its units.</param>
/// <param name="IdempotencyKey">
/// 8 to 64 visible ASCII characters, such as a UUID. Sent again with the same input, the request never moves twice and gets the first answer.
/// </param>
public sealed record MoveRentalInput(
    [property: ID<Rental>] RentalId RentalId, [property: ID<SliceCombination>] SliceCombinationId SliceCombinationId, [IdempotencyKey] string IdempotencyKey);

[MutationType]
public static class MoveRentalMutation
{
    /// <summary>
    /// Moves a rental to another node when its own has been down for some time (<c>marketTerms</c>) or is no longer listed by its grid. The rental ends,
    /// exactly its unused time is refunded, and the refund buys as many whole seconds as it pays for on the other node, at the price there now; what remains
    /// stays in the wallet. The rental that continues has the same name, image, SSH key and renewal. Its machine is new, and what was on the old one does not
    /// come along.
    /// </summary>
    [Authorize]
    [GraphQLName("moveRental")]
    public static Task<IMoveRentalResult> Execute(MoveRentalInput input, ClaimsPrincipal user, MoveRental move, CancellationToken cancellation) =>
        move.Execute(
            user.RequiredAccountId(), input.RentalId, input.SliceCombinationId, IdempotencyKey.Parse(input.IdempotencyKey), cancellation);
}
