using Microsoft.EntityFrameworkCore;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.GraphQL.Engine.Execution;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Rentals;

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

/// <summary>The rentals that continue others, by what they continue.</summary>
public sealed class MovedRentalDataLoader(IDbContextFactory<MyceliumDb> databases) : BatchDataLoader<RenterRental, Rental>
{
    protected override async Task<IReadOnlyDictionary<RenterRental, Rental>> LoadBatchAsync(IReadOnlyList<RenterRental> keys, CancellationToken cancellation)
    {
        RentalId?[] ids = [.. keys.Select(key => (RentalId?)key.RentalId)];
        AccountId[] renters = [.. keys.Select(key => key.RenterId).Distinct()];
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        List<Rental> found = await db.Rentals.Where(rental => ids.Contains(rental.MovedFrom) && renters.Contains(rental.RenterId)).ToListAsync(cancellation);
        return found.ToDictionary(rental => new RenterRental(rental.RenterId, rental.MovedFrom!.Value));
    }
}

/// <summary>The live machines on whole nodes, by the rental of the node.</summary>
public sealed class HostedRentalsDataLoader(IDbContextFactory<MyceliumDb> databases) : BatchDataLoader<RenterRental, IReadOnlyList<Rental>>
{
    protected override async Task<IReadOnlyDictionary<RenterRental, IReadOnlyList<Rental>>> LoadBatchAsync(
        IReadOnlyList<RenterRental> keys, CancellationToken cancellation)
    {
        RentalId?[] ids = [.. keys.Select(key => (RentalId?)key.RentalId)];
        AccountId[] renters = [.. keys.Select(key => key.RenterId).Distinct()];
        await using MyceliumDb db = await databases.CreateDbContextAsync(cancellation);
        List<Rental> found = await db.Rentals
            .Where(rental => ids.Contains(rental.HostRentalId) && renters.Contains(rental.RenterId) && rental.EndedAt == null)
            .OrderBy(rental => rental.Id).ToListAsync(cancellation);
        return found.GroupBy(rental => new RenterRental(rental.RenterId, rental.HostRentalId!.Value))
            .ToDictionary(group => group.Key, group => (IReadOnlyList<Rental>)[.. group]);
    }
}

/// <summary>What was paid for rentals. Only the resolvers of a rental ask, so the rental was the caller's to see.</summary>
public sealed class RentalSegmentsDataLoader(RentalHistory history) : BatchDataLoader<RentalId, IReadOnlyList<RentalSegment>>
{
    protected override Task<IReadOnlyDictionary<RentalId, IReadOnlyList<RentalSegment>>> LoadBatchAsync(
        IReadOnlyList<RentalId> keys, CancellationToken cancellation) => history.SegmentsAsync(keys, cancellation);
}

/// <summary>What happened to rentals. Only the resolvers of a rental ask, so the rental was the caller's to see.</summary>
public sealed class RentalTimelineDataLoader(RentalHistory history) : BatchDataLoader<RentalId, IReadOnlyList<RentalMoment>>
{
    protected override Task<IReadOnlyDictionary<RentalId, IReadOnlyList<RentalMoment>>> LoadBatchAsync(
        IReadOnlyList<RentalId> keys, CancellationToken cancellation) => history.TimelineAsync(keys, cancellation);
}

/// <summary>Which slices rentals hold. Only the resolvers of a rental ask, so the rental was the caller's to see.</summary>
public sealed class RentalSliceNumbersDataLoader(RentalHistory history) : BatchDataLoader<RentalId, IReadOnlyList<int>>
{
    protected override Task<IReadOnlyDictionary<RentalId, IReadOnlyList<int>>> LoadBatchAsync(
        IReadOnlyList<RentalId> keys, CancellationToken cancellation) => history.SliceNumbersAsync(keys, cancellation);
}

/// <summary>What metered rentals paid by day. Only the resolvers of a rental ask, so the rental was the caller's to see.</summary>
public sealed class MeteredDaysDataLoader(RentalHistory history) : BatchDataLoader<RentalId, IReadOnlyList<MeteredDay>>
{
    protected override Task<IReadOnlyDictionary<RentalId, IReadOnlyList<MeteredDay>>> LoadBatchAsync(
        IReadOnlyList<RentalId> keys, CancellationToken cancellation) => history.MeteredDaysAsync(keys, cancellation);
}
