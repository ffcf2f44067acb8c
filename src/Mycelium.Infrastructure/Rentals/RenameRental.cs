using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Names a rental: <c>renameRental</c> in the schema.</summary>
public sealed class RenameRental(ChangeRental change)
{
    public Task<IRenameRentalResult> Execute(AccountId renter, RentalId id, string? name, CancellationToken cancellation) =>
        change.RunAsync(renter, id, read => read.Rental.Rename(name, read.Now), notFound => notFound, cancellation);
}
