using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>What to hold, and how long.</summary>
/// <param name="SliceCombinationId">The combination to hold units of.</param>
/// <param name="Quantity">Units of the combination, 1 to 1,000.</param>
/// <param name="Minutes">How long, 1 to 30 minutes; 5 if it is left out. <c>marketTerms</c> has the bounds.</param>
/// <param name="IdempotencyKey">
/// 8 to 64 visible ASCII characters, such as a UUID. Sent again with the same input, the request never holds twice and gets the first answer.
/// </param>
public sealed record ReserveSlicesInput(
    [property: ID<SliceCombination>] SliceCombinationId SliceCombinationId, [IdempotencyKey] string IdempotencyKey, int Quantity = 1, int? Minutes = null);

[MutationType]
public static class ReserveSlicesMutation
{
    /// <summary>
    /// Keeps slices for the caller for some minutes, without a charge. Nobody else can rent them until then; <c>rentSlices</c> with the reservation's ID does.
    /// An account can have few reservations at once (<c>marketTerms</c>).
    /// </summary>
    [Authorize]
    [GraphQLName("reserveSlices")]
    public static async Task<IReserveSlicesResult> Execute(
        ReserveSlicesInput input, ClaimsPrincipal user, ReserveSlices reserve, RentalPolicy policy, CancellationToken cancellation)
    {
        if (RentalWish.Refuse(input.Quantity) is { } quantity)
            return quantity;
        TimeSpan lifetime = input.Minutes is { } minutes ? TimeSpan.FromMinutes(minutes) : policy.HoldLifetime;
        var request = new HoldRequest(input.SliceCombinationId, input.Quantity, lifetime);
        return await reserve.Execute(user.RequiredAccountId(), request, IdempotencyKey.Parse(input.IdempotencyKey), cancellation);
    }
}
