using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Postgres;

namespace Mycelium.GraphQL.Rentals;

/// <summary>A rental as one account may see it: somebody else's is as unknown as one that never was.</summary>
public readonly record struct RenterRental(AccountId RenterId, RentalId RentalId);

public sealed class RenterRentalDataLoader(IDbContextFactory<MyceliumDb> databases) : BatchDataLoader<RenterRental, Rental>
{
    protected override async Task<IReadOnlyDictionary<RenterRental, Rental>> LoadBatchAsync(IReadOnlyList<RenterRental> keys, CancellationToken cancellation)
    {
        RentalId[] ids = [.. keys.Select(key => key.RentalId)];
        AccountId[] renters = [.. keys.Select(key => key.RenterId).Distinct()];
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        List<Rental> found = await db.Rentals.Where(rental => ids.Contains(rental.Id) && renters.Contains(rental.RenterId)).ToListAsync(cancellation);
        return found.ToDictionary(rental => new RenterRental(rental.RenterId, rental.Id));
    }
}
