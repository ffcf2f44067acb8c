using System.Security.Claims;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Accounts;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.Infrastructure.Rentals;

namespace Mycelium.GraphQL.Rentals;

/// <summary>The rental to name.</summary>
/// <param name="RentalId">One of the caller's rentals.</param>
/// <param name="Name">1 to 64 characters; null takes its name away.</param>
public sealed record RenameRentalInput([property: ID<Rental>] RentalId RentalId, string? Name);

[MutationType]
public static class RenameRentalMutation
{
    /// <summary>Names a rental, for lists. Only its renter sees the name.</summary>
    [Authorize]
    [GraphQLName("renameRental")]
    public static Task<IRenameRentalResult> Execute(
        RenameRentalInput input, ClaimsPrincipal user, RenameRental rename, CancellationToken cancellation) =>
        rename.Execute(user.RequiredAccountId(), input.RentalId, input.Name, cancellation);
}
