using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Provisioning;
using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Mycelium.Infrastructure.Provisioning;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>A machine that a renter wants on a node that it rents whole.</summary>
/// <param name="Slices">How many of the node's slices it has.</param>
/// <param name="SshPublicKey">Null for the key of the node's rental.</param>
/// <param name="Image">What it starts from; null for the grid's default.</param>
/// <param name="IsPartner">Whether the renter has the limits of partners and operators.</param>
public sealed record PlaceMachineRequest(
    AccountId RenterId, RentalId HostId, int Slices, IdempotencyKey Key, SshPublicKey? SshPublicKey, string? Name, ImageId? Image, bool IsPartner)
{
    internal Intention Intention => Intention.Of(RenterId, "placeMachine", Key, HostId, Slices, SshPublicKey, Name, Image);
}

/// <summary>
/// Places a machine on a whole node: <c>placeMachine</c> in the schema. The node's rental is locked, so that two machines at once are counted one after the
/// other; PostgreSQL counts again (<c>machines_fit_their_host</c>).
/// </summary>
public sealed class PlaceMachine(
    Transactions transactions, Provisioners provisioners, MachineImages images, IOptions<RentalLimitOptions> limitOptions)
{
    /// <summary>How many slices the live machines of a host have.</summary>
    private const string Placed = "SELECT coalesce(sum(slice_total), 0) FROM rentals WHERE host_rental_id = $1 AND ended_at IS NULL";

    /// <summary>Only how many began lately counts here: machines take nothing of what an account may hold.</summary>
    private static readonly int[] holdsNone = [0];

    public async Task<IPlaceMachineResult> Execute(PlaceMachineRequest request, CancellationToken cancellation)
    {
        // Which images the grid has is asked before anything is locked: a request to a provisioner takes longer than a transaction may.
        ImageNotFound? noImage = request.Image is { } image
            && await RebuildRental.GridOfAsync(transactions, request.RenterId, request.HostId, cancellation).ConfigureAwait(false) is { } grid
                ? await images.RefuseAsync(grid, image, cancellation).ConfigureAwait(false)
                : null;
        return await transactions.RunAsync(connection => PlaceAsync(connection, request, noImage, cancellation), cancellation).ConfigureAwait(false);
    }

    private async Task<IPlaceMachineResult> PlaceAsync(
        NpgsqlConnection connection, PlaceMachineRequest request, ImageNotFound? noImage, CancellationToken cancellation)
    {
        Intention intention = request.Intention;
        RentalLimits limits = limitOptions.Value.For(request.IsPartner);
        Rental? host;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").ThenLockRental(request.RenterId, request.HostId))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            host = await reader.ReadLockedRentalAsync(cancellation).ConfigureAwait(false);
        if (host is null)
            return new RentalNotFound(request.HostId);

        DateTimeOffset now;
        GridNode node;
        EarlierAnswer? earlier;
        Rental? first;
        bool owes;
        int placed;
        RenterActivity activity;
        await using (NpgsqlBatch batch = new NpgsqlBatch(connection)
            .ThenLockWallets([request.RenterId.Value])
            .ThenReadNode(host.NodeId)
            .ThenFind(intention)
            .Then(RentReading.ReadAnswered, intention.Account.Value, intention.Operation, intention.Key.Value)
            .Then("SELECT account_owes($1)", request.RenterId.Value)
            .Then(Placed, host.Id.Value)
            .Then(RentReading.ReadActivities, new[] { request.RenterId.Value }, new[] { limits.RentalsPerHour ?? 0 }, holdsNone))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The wallet's lock.
            (node, now) = (await reader.ReadNodeAsync(cancellation).ConfigureAwait(false))!;
            earlier = await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false);
            first = (await reader.RowsAsync(RentalStatements.ReadRental, cancellation).ConfigureAwait(false)).SingleOrDefault();
            owes = (await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false))[0];
            placed = (int)(await reader.RowsAsync(row => row.GetInt64(0), cancellation).ConfigureAwait(false))[0];
            activity = (await reader.RowsAsync(RentReading.ReadActivity, cancellation).ConfigureAwait(false))[0].Value;
        }
        if (earlier is not null)
            return earlier.IsSame && first is not null ? new MachinePlaced(first, host) : new IdempotencyKeyReused(request.Key.Value);
        if (host is { IsLive: true, Kind: RentalKind.WholeNode })
        {
            if (owes)
                return new AccountOwes();
            if (!provisioners.Has(node.Grid))
                return new RentalHasNoMachine(host.Id);
            if (noImage is not null)
                return noImage;
            if (request.SshPublicKey is null && host.SshPublicKey.Length == 0)
                return new InvalidSshPublicKey(SshPublicKeyFlaw.Empty);
            // Each leaves rows for good, although it costs nothing.
            if ((limits with { ActiveSlices = null }).RefuseRental(activity, request.Slices, now) is { } tooMany)
                return tooMany;
        }

        IPlaceMachineResult result = host.Place(
            new MachineWish(RentalId.New(now), request.Slices, request.SshPublicKey?.Text ?? host.SshPublicKey, request.Name), node, placed, now);
        if (result is MachinePlaced { Rental: var machine })
        {
            await new NpgsqlBatch(connection)
                .ThenInsertRentals([machine])
                .ThenRemember((intention, $$"""{"rental_id": "{{machine.Id}}"}"""))
                .ThenWantMachines(provisioners, [(machine.Id, request.Image)])
                .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }
}
