using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Market;
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

/// <summary>Keeps slices for an account while it decides: <c>reserveSlices</c> in the schema.</summary>
public sealed class ReserveSlices(
    Transactions transactions, ExpireRentals expire, RentalPolicy policy, Provisioners provisioners, IOptions<AllocationOptions> allocation)
{
    private const string Operation = "reserveSlices";

    /// <param name="account">For whom.</param>
    /// <param name="request">What to hold, and how long.</param>
    /// <param name="key">Of this intention.</param>
    /// <param name="cancellation">Of the request.</param>
    public async Task<IReserveSlicesResult> Execute(AccountId account, HoldRequest request, IdempotencyKey key, CancellationToken cancellation)
    {
        NodeId node = request.SliceCombinationId.NodeId;
        IReserveSlicesResult result = await TryAsync(account, request, key, cancellation).ConfigureAwait(false);
        if (result is not NotEnoughSlices || (await expire.FindDueAsync([node], cancellation).ConfigureAwait(false)).Count == 0)
            return result;
        // Terms that are over free their slices at that instant, whenever the next pass runs.
        await expire.TryExecuteAt([node], cancellation).ConfigureAwait(false);
        return await TryAsync(account, request, key, cancellation).ConfigureAwait(false);
    }

    private async Task<IReserveSlicesResult> TryAsync(AccountId account, HoldRequest request, IdempotencyKey key, CancellationToken cancellation)
    {
        Intention intention = Intention.Of(account, Operation, key, request.SliceCombinationId, request.Quantity, request.Lifetime.Ticks);
        try
        {
            return await transactions.RunAsync(connection => HoldAsync(connection, intention, request, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (StoreUnavailableException failure) when (failure.InnerException is { } inner && PostgresFailures.IsContention(inner))
        {
            return new NodeContended(request.SliceCombinationId.NodeId, allocation.Value.RetryAfter); // Nothing was done.
        }
    }

    private async Task<IReserveSlicesResult> HoldAsync(
        NpgsqlConnection connection, Intention intention, HoldRequest request, CancellationToken cancellation)
    {
        NodeId nodeId = request.SliceCombinationId.NodeId;
        EarlierAnswer? earlier;
        List<Reservation> held;
        List<Reservation> first;
        bool owes;
        NodeAt? node;
        await using (NpgsqlBatch batch = connection.Send("BEGIN")
            .ThenLockWallets([intention.Account.Value])
            .ThenLockNodes([nodeId.Value])
            .ThenFind(intention)
            .Then("SELECT account_owes($1)", intention.Account.Value)
            .ThenReadHeld(intention.Account)
            .Then(
                """
                SELECT to_jsonb(held)::text FROM reservations AS held
                WHERE id = (SELECT (answer ->> 'reservation_id')::uuid FROM idempotency_keys WHERE account_id = $1 AND operation = $2 AND key = $3)
                """, intention.Account.Value, intention.Operation, intention.Key.Value)
            .ThenReadNode(nodeId))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The two locks.
            await reader.NextResultAsync(cancellation).ConfigureAwait(false);
            earlier = await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false);
            owes = (await reader.RowsAsync(row => row.GetBoolean(0), cancellation).ConfigureAwait(false))[0];
            held = await reader.RowsAsync(ReservationStatements.ReadReservation, cancellation).ConfigureAwait(false);
            first = await reader.RowsAsync(ReservationStatements.ReadReservation, cancellation).ConfigureAwait(false);
            node = await reader.ReadNodeAsync(cancellation).ConfigureAwait(false);
        }
        if (earlier is { IsSame: false } || (earlier is not null && first.Count == 0))
            return new IdempotencyKeyReused(intention.Key.Value); // Also when the reservation is so old that it is gone.
        if (earlier is not null)
            return new SlicesReserved(first[0]);
        if (owes)
            return new AccountOwes();
        if (node is null)
            return new SliceCombinationNotFound(request.SliceCombinationId);
        if (!provisioners.Sells(node.Node.Grid))
            return new GridHasNoProvisioner(node.Node.Grid);

        IReserveSlicesResult result = Reservation.Hold(ReservationId.New(node.Now), intention.Account, request, node.Node, held, policy, node.Now);
        if (result is SlicesReserved { Reservation: var reservation })
        {
            await new NpgsqlBatch(connection).ThenHold(reservation)
                .ThenRemember((intention, $$"""{"reservation_id": "{{reservation.Id}}"}"""))
                .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }
}
