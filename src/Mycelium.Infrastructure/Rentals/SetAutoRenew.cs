using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Lets a rental renew itself, or not: <c>setAutoRenew</c> in the schema.</summary>
public sealed class SetAutoRenew(ChangeRental change, RentalPolicy policy)
{
    /// <param name="renter">The renter.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="max">The highest price per hour, of all slices and before discount; null to turn it off.</param>
    /// <param name="cancellation">Of the request.</param>
    public Task<ISetAutoRenewResult> Execute(AccountId renter, RentalId id, MicroUsdPerHour? max, CancellationToken cancellation) =>
        change.RunAsync(renter, id, read => read.Rental.SetAutoRenew(max, policy, read.Now), notFound => notFound, cancellation);
}
