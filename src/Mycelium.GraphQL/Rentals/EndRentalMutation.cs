using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>The rental to end, and why.</summary>
/// <param name="RentalId">
/// A rental that pays the caller, or any rental for operators. A farmer whose node has changed hands can still end the rentals that began before.
/// </param>
/// <param name="Reason">What the renter is told, 1 to 300 characters.</param>
public sealed record EndRentalInput([property: ID<Rental>] RentalId RentalId, [StringLength(300, MinimumLength = 1)] string Reason);

[MutationType]
public static class EndRentalMutation
{
    /// <summary>
    /// Ends somebody else's rental now: for its farmer, or for operators. Exactly the unused time is refunded to the renter, who is notified of the reason. The
    /// action is recorded in the audit trail.
    /// </summary>
    [Authorize(Roles = [Roles.Farmer, Roles.Operator])]
    [GraphQLName("endRental")]
    public static Task<IEndRentalResult> Execute(EndRentalInput input, ClaimsPrincipal user, EndRental end, CancellationToken cancellation) =>
        end.Execute(user.RequiredAccountId(), user.IsInRole(Roles.Operator), input.RentalId, input.Reason, cancellation);
}
