using System.Text.Json;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Market;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;
using Mycelium.Infrastructure.Slices;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Moves a rental away from a node that is down: <c>moveRental</c> in the schema. One transaction ends it and begins another with what is left of its value.
/// It locks the rental, the wallets of both sides and both nodes, in this order and each ascending, as everything else does.
/// </summary>
public sealed class MoveRental(
    Transactions transactions, ExpireRentals expire, RentalPolicy policy, Provisioners provisioners, IOptions<AllocationOptions> allocation)
{
    private const string Operation = "moveRental";

    /// <param name="renter">The renter.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="target">The combination of another node.</param>
    /// <param name="key">Of this intention.</param>
    /// <param name="cancellation">Of the request.</param>
    public async Task<IMoveRentalResult> Execute(
        AccountId renter, RentalId id, SliceCombinationId target, IdempotencyKey key, CancellationToken cancellation)
    {
        Intention intention = Intention.Of(renter, Operation, key, id, target);
        IMoveRentalResult result = await TryAsync(intention, id, target, cancellation).ConfigureAwait(false);
        if (result is not NotEnoughSlices || (await expire.FindDueAsync([target.NodeId], cancellation).ConfigureAwait(false)).Count == 0)
            return result;
        // Terms that are over free their slices at that instant, whenever the next pass runs.
        await expire.TryExecuteAt([target.NodeId], cancellation).ConfigureAwait(false);
        return await TryAsync(intention, id, target, cancellation).ConfigureAwait(false);
    }

    private async Task<IMoveRentalResult> TryAsync(Intention intention, RentalId id, SliceCombinationId target, CancellationToken cancellation)
    {
        try
        {
            return await transactions.RunAsync(connection => MoveAsync(connection, intention, id, target, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException failure) when (failure.InnerException is { } inner && PostgresFailures.IsContention(inner))
        {
            return new NodeContended(target.NodeId, allocation.Value.RetryAfter); // Nothing was done.
        }
    }

    private async Task<IMoveRentalResult> MoveAsync(
        NpgsqlConnection connection, Intention intention, RentalId id, SliceCombinationId target, CancellationToken cancellation)
    {
        Rental? rental;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").ThenLockRental(intention.Account, id))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            rental = await reader.ReadLockedRentalAsync(cancellation).ConfigureAwait(false);
        if (rental is null)
            return new RentalNotFound(id);

        MoveReading read = await MoveReading.LockAndReadAsync(connection, intention, rental, target, cancellation).ConfigureAwait(false);
        if (read.Earlier is { IsSame: false })
            return new IdempotencyKeyReused(intention.Key.Value);
        if (read.Earlier is { Answer: var answer })
            return new RentalMoved(await ReadAsync(connection, answer, cancellation).ConfigureAwait(false), rental);
        if (rental.IsLive && read.Owes)
            return new AccountOwes();
        if (read.To is not { } to)
            return new SliceCombinationNotFound(target);
        if (!provisioners.Sells(to.Grid))
            return new GridHasNoProvisioner(to.Grid);

        IReadOnlyList<RentalSegment> before = rental.Segments;
        var move = new RentalMove(RentalId.New(read.Now), target, provisioners.Has(to.Grid), read.Balance, read.Machine?.SshPublicKey);
        IMoveRentalResult result = rental.Move(move, read.From, to, policy, read.Now);
        if (result is RentalMoved { Rental: var moved })
        {
            // Another grid has other images: there, the machine starts from the default one.
            ImageId? image = read.From.Grid == to.Grid && ImageId.TryParse(read.Machine?.Image, out ImageId? known) ? known : null;
            await new NpgsqlBatch(connection)
                .ThenSave([new RentalChange(rental, before)], read.Now)
                .ThenInsertRentals([moved])
                .ThenTakeSlices([moved])
                .ThenAppend([.. moved.Segments.Select(segment => LedgerEntry.Charge(moved, segment))], read.Now)
                .ThenRemember((intention, $$"""{"rental_id": "{{moved.Id}}"}"""))
                .ThenNotify([Notification.RentalMoved(moved, read.Now)])
                .ThenWantMachines(provisioners, [(moved.Id, image)])
                .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }

    /// <summary>The rental that an earlier request began, as it is now.</summary>
    private static async Task<Rental> ReadAsync(NpgsqlConnection connection, JsonElement answer, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(
            $"SELECT {RentalStatements.Whole} FROM rentals AS rental WHERE id = $1", answer.GetProperty("rental_id").GetGuid());
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return (await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false)).Single();
    }
}

/// <summary>What moving a rental is decided on, read under its lock and those of wallets and nodes.</summary>
/// <param name="From">The rental's node.</param>
/// <param name="To">The other node; null if there is none.</param>
/// <param name="Machine">The rental's machine: its image and key go along.</param>
/// <param name="Owes">The renter owes money.</param>
/// <param name="Balance">The renter's.</param>
/// <param name="Earlier">What was answered to the same idempotency key.</param>
/// <param name="Now">An instant after the locks, by the database's clock.</param>
internal sealed record MoveReading(GridNode From, GridNode? To, Machine? Machine, bool Owes, MicroUsd Balance, EarlierAnswer? Earlier, DateTimeOffset Now)
{
    public static async Task<MoveReading> LockAndReadAsync(
        NpgsqlConnection connection, Intention intention, Rental rental, SliceCombinationId target, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = new NpgsqlBatch(connection)
            .ThenLockWallets([.. new[] { rental.RenterId.Value, rental.FarmerId.Value }.Distinct()])
            .ThenLockNodes([.. new[] { rental.NodeId.Value, target.NodeId.Value }.Distinct()])
            .Then("SELECT market_now()")
            .ThenReadNode(rental.NodeId)
            .ThenReadNode(target.NodeId)
            .ThenFind(intention)
            .Then("SELECT account_owes($1), wallet_balance($1)", intention.Account.Value)
            .ThenLockMachine(rental.Id);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        DateTimeOffset now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
        NodeAt? from = await reader.ReadNodeAsync(cancellation).ConfigureAwait(false);
        NodeAt? to = await reader.ReadNodeAsync(cancellation).ConfigureAwait(false);
        EarlierAnswer? earlier = await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false);
        var (owes, balance) = (await reader.RowsAsync(
            row => (row.GetBoolean(0), MicroUsd.From(row.GetInt64(1))), cancellation).ConfigureAwait(false))[0];
        Machine? machine = (await reader.RowsAsync(MachineTable.ReadMachine, cancellation).ConfigureAwait(false)).SingleOrDefault();
        return new(from!.Node, to?.Node, machine, owes, balance, earlier, now);
    }
}
