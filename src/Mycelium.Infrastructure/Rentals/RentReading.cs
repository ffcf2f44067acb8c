using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>An earlier rental of the same key.</summary>
internal sealed record EarlierRental(byte[] Fingerprint, Rental Rental);

/// <summary>What renting is decided by, read under the locks of the renters' wallets and of the node.</summary>
/// <param name="At">Null when there is no such node.</param>
internal sealed record RentReading(
    NodeAt? At, IReadOnlyDictionary<AccountId, MicroUsd> Balances, IReadOnlyDictionary<(AccountId Renter, string Key), EarlierRental> Earlier)
{
    /// <summary>One round trip; begins the transaction.</summary>
    public static async Task<RentReading> LockAndReadAsync(NpgsqlConnection connection, NodeId node, IReadOnlyList<RentRequest> requests)
    {
        Guid[] renters = [.. requests.Select(request => request.RenterId.Value).Distinct()];
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .ThenLockWallets(renters)
            .ThenLockNodes([node.Value])
            .ThenReadNode(node)
            .Then("SELECT id, wallet_balance(id) FROM ledger_accounts WHERE id = ANY ($1)", renters)
            .Then(
                """
                SELECT earlier.account_id, earlier.key, earlier.fingerprint, to_jsonb(rental)::text
                FROM unnest($1, $2) AS asked (account_id, key)
                JOIN idempotency_keys AS earlier ON earlier.account_id = asked.account_id AND earlier.operation = $3 AND earlier.key = asked.key
                JOIN rentals AS rental ON rental.id = (earlier.answer ->> 'rental_id')::uuid
                """,
                requests.Select(request => request.RenterId.Value).ToArray(), requests.Select(request => request.IdempotencyKey.Value).ToArray(), RentRequest.Operation);

        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync().ConfigureAwait(false);
        await reader.NextResultAsync().ConfigureAwait(false); // The wallets' locks,
        await reader.NextResultAsync().ConfigureAwait(false); // and the node's.
        NodeAt? at = await reader.ReadNodeAsync(CancellationToken.None).ConfigureAwait(false);
        var balances = await reader.RowsAsync(row => (Owner: new AccountId(row.GetGuid(0)), Balance: MicroUsd.From(row.GetInt64(1))), default).ConfigureAwait(false);
        var earlier = await reader.RowsAsync(
            row => (Key: (new AccountId(row.GetGuid(0)), row.GetString(1)), new EarlierRental(row.GetFieldValue<byte[]>(2), RowJson.Read<Rental>(row.GetString(3)))),
            default).ConfigureAwait(false);
        return new(
            at, balances.ToDictionary(wallet => wallet.Owner, wallet => wallet.Balance),
            earlier.DistinctBy(found => found.Key).ToDictionary(found => found.Key, found => found.Item2));
    }
}
