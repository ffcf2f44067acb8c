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
}
