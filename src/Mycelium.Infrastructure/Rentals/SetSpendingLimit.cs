using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Limits what a metered rental may cost in all: <c>setSpendingLimit</c> in the schema.</summary>
public sealed class SetSpendingLimit(ChangeRental change)
{
    /// <param name="renter">The renter.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="limit">In all, from the beginning; null to lift the limit.</param>
    /// <param name="cancellation">Of the request.</param>
    public Task<ISetSpendingLimitResult> Execute(AccountId renter, RentalId id, MicroUsd? limit, CancellationToken cancellation) =>
        change.RunAsync(renter, id, read => read.Rental.SetSpendingLimit(limit, read.Now), notFound => notFound, cancellation);
}
