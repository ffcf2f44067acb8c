using System.Security.Claims;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.CodeFirst;
using Mycelium.GraphQL.Engine.Data;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Rentals;

[QueryType]
public static class RentalQuery
{
    /// <summary>The caller's rentals, ended ones included.</summary>
    [Authorize]
    [UsePaging]
    [UseProjection]
    [UseFiltering]
    [UseSorting]
    public static IQueryable<Rental> GetRentals(MyceliumDb db, ClaimsPrincipal user)
    {
        AccountId renter = user.RequiredAccountId();
        return db.Rentals.Where(rental => rental.RenterId == renter);
    }

    /// <summary>The caller's rental with this ID; null when the caller has none.</summary>
    [Authorize]
    public static Task<Rental?> GetRental([ID<Rental>] RentalId id, ClaimsPrincipal user, RenterRentalDataLoader rentals) =>
        rentals.LoadAsync(new RenterRental(user.RequiredAccountId(), id));
}
