using Mycelium.Domain.Accounts;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Provisioning;

/// <summary>Makes the machine of a rental again: for another key, from another image, or just because. What is on its disk is lost; billing goes on.</summary>
public sealed class RebuildRental(Transactions transactions, Provisioners provisioners, MachineImages images)
{
    private const string Operation = "rebuildRental";

    /// <param name="renter">The renter.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="key">Whose owner gets access.</param>
    /// <param name="image">Null for the one that the machine has.</param>
    /// <param name="idempotencyKey">Of this intention: sent again, it does not delete a second disk.</param>
    /// <param name="cancellation">Of the request.</param>
    public async Task<IRebuildRentalResult> Execute(
        AccountId renter, RentalId id, SshPublicKey key, ImageId? image, IdempotencyKey idempotencyKey, CancellationToken cancellation)
    {
        Intention intention = Intention.Of(renter, Operation, idempotencyKey, id, key, image);
        // Which images the grid has is asked before anything is locked: a request to a provisioner takes longer than a transaction may.
        ImageNotFound? noImage = image is not null && await GridOfAsync(transactions, renter, id, cancellation).ConfigureAwait(false) is { } grid
            ? await images.RefuseAsync(grid, image, cancellation).ConfigureAwait(false)
            : null;
        return await transactions.RunAsync(
            connection => RebuildAsync(connection, intention, id, key, image, noImage, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task<IRebuildRentalResult> RebuildAsync(
        NpgsqlConnection connection, Intention intention, RentalId id, SshPublicKey key, ImageId? image, ImageNotFound? noImage,
        CancellationToken cancellation)
    {
        if (await LockedMachine.LockAsync(connection, intention.Account, id, intention, cancellation).ConfigureAwait(false) is not { } locked)
            return new RentalNotFound(id);
        if (locked.Earlier is { IsSame: false })
            return new IdempotencyKeyReused(intention.Key.Value);
        if (locked.Earlier is not null)
            return new RentalRebuilding(locked.Rental);
        if (!provisioners.Has(locked.Grid) || locked.Machine is not { } machine)
            return new RentalHasNoMachine(id);
        if (noImage is not null)
            return noImage;

        IRebuildRentalResult result = machine.Rebuild(locked.Rental, key, image, locked.Now);
        if (result is RentalRebuilding)
        {
            await new NpgsqlBatch(connection)
                .ThenRemember((intention, $$"""{"rental_id": "{{id}}"}"""))
                .ThenDecideMachine(machine)
                .Then("COMMIT")
                .RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }

    /// <summary>The grid that a rental of this account is on; null if there is none.</summary>
    internal static Task<string?> GridOfAsync(
        Transactions transactions, AccountId renter, RentalId id, CancellationToken cancellation) => transactions.RunAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(
                "SELECT grid FROM nodes WHERE id = (SELECT node_id FROM rentals WHERE id = $1 AND renter_id = $2)", id.Value, renter.Value);
            return (string?)await batch.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);
}
