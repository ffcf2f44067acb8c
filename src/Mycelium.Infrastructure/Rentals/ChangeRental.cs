using Mycelium.Domain.Accounts;
using Mycelium.Domain.Nodes;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Nodes;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>What a decision about one rental is made on, read under its lock and those of its renter's wallet.</summary>
/// <param name="Node">The rental's node, without a lock: its price is what it was a moment ago.</param>
/// <param name="Balance">The renter's balance.</param>
/// <param name="Now">An instant after the locks, by the database's clock.</param>
internal sealed record RentalAt(Rental Rental, GridNode Node, MicroUsd Balance, DateTimeOffset Now);

/// <summary>
/// The transaction of an operation that a renter does with one of its rentals: lock, read, let the domain decide, write what it changed. Rental, wallets, node,
/// in this order, like everybody else.
/// </summary>
public sealed class ChangeRental(Transactions transactions)
{
    /// <summary>For operations that are the same however often they are done.</summary>
    internal Task<TResult> RunAsync<TResult>(
        AccountId renter, RentalId id, Func<RentalAt, TResult> decide, Func<RentalNotFound, TResult> notFound, CancellationToken cancellation) =>
        transactions.RunAsync(
            async connection => await LockAsync(connection, renter, id, null, cancellation).ConfigureAwait(false) is ({ } read, _)
                ? await DecideAsync(connection, read, decide, null, cancellation).ConfigureAwait(false)
                : notFound(new RentalNotFound(id)),
            cancellation);

    /// <summary>For operations that spend or end: an intention is carried out once.</summary>
    /// <param name="intention">With the key.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="decide">The domain's decision.</param>
    /// <param name="again">The first answer, from what was remembered and the rental as it is now.</param>
    /// <param name="remember">What to remember of an answer, as JSON; null for a refusal, which is decided again.</param>
    /// <param name="reused">The refusal of a key that was used for something else.</param>
    /// <param name="notFound">The refusal of a rental that the account does not have.</param>
    /// <param name="cancellation">Of the request.</param>
    internal Task<TResult> RunOnceAsync<TResult>(
        Intention intention, RentalId id, Func<RentalAt, TResult> decide, Func<RentalAt, EarlierAnswer, TResult> again, Func<TResult, string?> remember,
        Func<IdempotencyKeyReused, TResult> reused, Func<RentalNotFound, TResult> notFound, CancellationToken cancellation) =>
        transactions.RunAsync(
            async connection => await LockAsync(connection, intention.Account, id, intention, cancellation).ConfigureAwait(false) switch
            {
                (null, _) => notFound(new RentalNotFound(id)),
                (_, { IsSame: false }) => reused(new IdempotencyKeyReused(intention.Key.Value)),
                ({ } read, { } earlier) => again(read, earlier),
                ({ } read, null) => await DecideAsync(
                    connection, read, decide, result => remember(result) is { } answer ? (intention, answer) : null, cancellation).ConfigureAwait(false),
            },
            cancellation);

    private static async Task<TResult> DecideAsync<TResult>(
        NpgsqlConnection connection, RentalAt read, Func<RentalAt, TResult> decide, Func<TResult, (Intention, string)?>? remember,
        CancellationToken cancellation)
    {
        long version = read.Rental.Version;
        IReadOnlyList<RentalSegment> before = read.Rental.Segments;
        TResult result = decide(read);
        if (read.Rental.Version == version)
            return result; // Nothing changed, and the transaction that is left open is rolled back.
        NpgsqlBatch batch = new NpgsqlBatch(connection).ThenSave([new RentalChange(read.Rental, before)], read.Now);
        if (remember?.Invoke(result) is { } answer)
            batch.ThenRemember(answer);
        await batch.Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        return result;
    }

    private static async Task<(RentalAt? Read, EarlierAnswer? Earlier)> LockAsync(
        NpgsqlConnection connection, AccountId renter, RentalId id, Intention? intention, CancellationToken cancellation)
    {
        Rental? rental;
        await using (NpgsqlBatch first = connection.Send("BEGIN").ThenLockRental(renter, id))
        await using (NpgsqlDataReader found = await first.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            rental = await found.ReadLockedRentalAsync(cancellation).ConfigureAwait(false);
        if (rental is null)
            return (null, null);

        NpgsqlBatch batch = new NpgsqlBatch(connection).ThenLockSidesOf([rental]).ThenReadNode(rental.NodeId).Then("SELECT wallet_balance($1)", renter.Value);
        if (intention is not null)
            batch.ThenFind(intention);
        await using NpgsqlBatch second = batch;
        await using NpgsqlDataReader reader = await second.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        DateTimeOffset now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
        NodeAt? node = await reader.ReadNodeAsync(cancellation).ConfigureAwait(false);
        MicroUsd balance = MicroUsd.From((await reader.RowsAsync(row => row.GetInt64(0), cancellation).ConfigureAwait(false))[0]);
        EarlierAnswer? earlier = intention is null ? null : await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false);
        return (new RentalAt(rental, node!.Node, balance, now), earlier);
    }
}
