using Mycelium.Domain.Accounts;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>Tries again at once to make a machine, also one that was given up.</summary>
public sealed class RetryProvisioning(Transactions transactions, Provisioners provisioners)
{
    /// <param name="renter">The renter.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="cancellation">Of the request.</param>
    public Task<IRetryProvisioningResult> Execute(AccountId renter, RentalId id, CancellationToken cancellation) =>
        transactions.RunAsync(connection => RetryAsync(connection, renter, id, cancellation), cancellation);

    private async Task<IRetryProvisioningResult> RetryAsync(NpgsqlConnection connection, AccountId renter, RentalId id, CancellationToken cancellation)
    {
        if (await LockedMachine.LockAsync(connection, renter, id, intention: null, cancellation).ConfigureAwait(false) is not { } locked)
            return new RentalNotFound(id);
        if (!provisioners.Has(locked.Grid) || locked.Rental.Kind == RentalKind.WholeNode)
            return new RentalHasNoMachine(id);
        if (locked.Machine is not { } machine)
        {
            if (locked.Rental is { EndedAt: { } endedAt, EndReason: { } reason })
                return new RentalAlreadyEnded(id, endedAt, reason);
            await new NpgsqlBatch(connection).ThenWantMachines(provisioners, [(id, null)]).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
            return new ProvisioningRetried(locked.Rental); // From a time when its grid had no provisioner.
        }

        IRetryProvisioningResult result = machine.Retry(locked.Rental, locked.Now);
        if (result is ProvisioningRetried)
            await new NpgsqlBatch(connection).ThenDecideMachine(machine).Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return result;
    }
}
