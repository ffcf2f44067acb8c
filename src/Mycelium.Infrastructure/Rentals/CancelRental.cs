using System.Text.Json;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Ends a rental early: slices back to the node, what was used to the farmer, the rest to the renter, in one transaction.</summary>
public sealed class CancelRental(Transactions transactions, IOptions<RentalLimitOptions> options)
{
    private const string Operation = "cancelRental";

    /// <summary>No more than the limit: that is all that is needed to decide, and to say when to try again.</summary>
    private const string ReadCancelled = """
        SELECT ended_at FROM rentals, (SELECT market_now() AS now_is) AS clock
        WHERE renter_id = $1 AND status = 'Cancelled' AND kind <> 'Machine' AND end_reason = 'CancelledByRenter' AND ended_at > now_is - interval '1 hour'
        ORDER BY ended_at DESC LIMIT $2
        """;

    /// <param name="renter">The renter.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="quote">A quote of ours whose signature has been verified. Without one, the refund is as of now.</param>
    /// <param name="key">Of this intention.</param>
    /// <param name="isPartner">Whether the renter has the limits of partners and operators.</param>
    /// <param name="cancellation">Of the request.</param>
    public Task<ICancelRentalResult> Execute(
        AccountId renter, RentalId id, CancelTicket? quote, IdempotencyKey key, bool isPartner, CancellationToken cancellation)
    {
        if (quote is not null && (quote.Holder != renter || quote.RentalId != id))
            return Task.FromResult<ICancelRentalResult>(new QuoteMismatch());
        Intention intention = Intention.Of(renter, Operation, key, quote is null ? [id] : [id, quote.AsOf.UtcTicks]);
        return transactions.RunAsync(
            connection => CancelAsync(connection, intention, id, quote, options.Value.For(isPartner), cancellation), cancellation);
    }

    private static async Task<ICancelRentalResult> CancelAsync(
        NpgsqlConnection connection, Intention intention, RentalId id, CancelTicket? quote, RentalLimits limits, CancellationToken cancellation)
    {
        if (await LockRentalAsync(connection, intention.Account, id, cancellation).ConfigureAwait(false) is not { } rental)
            return new RentalNotFound(id);

        (DateTimeOffset now, EarlierAnswer? earlier, List<DateTimeOffset> cancelled) =
            await LockSidesAsync(connection, intention, rental, limits, cancellation).ConfigureAwait(false);
        if (earlier is { IsSame: false })
            return new IdempotencyKeyReused(intention.Key.Value);
        if (earlier is not null)
            return new RentalCancelled(rental, RefundOf(earlier.Answer) ?? rental.Refunded);

        IReadOnlyList<RentalSegment> before = rental.Segments;
        ICancelRentalResult result = rental is { IsLive: true, Kind: not RentalKind.Machine } && now < rental.EndsAt
            && limits.RefuseCancellation(cancelled, now) is { } tooMany
            ? tooMany
            : rental.Cancel(quote, now);
        if (result is RentalCancelled { Refund: var refund })
        {
            await new NpgsqlBatch(connection)
                .ThenSave([new RentalChange(rental, before)], now)
                .ThenRemember((intention, $$"""{"rental_id": "{{id}}", "refund": {{refund.Value}}}"""))
                .Then("COMMIT")
                .RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }

    /// <summary>Null for what the previous release remembered: its rentals have one refund.</summary>
    private static MicroUsd? RefundOf(JsonElement answer) =>
        answer.TryGetProperty("refund", out JsonElement refund) ? MicroUsd.From(refund.GetInt64()) : null;

    /// <summary>Another account's rental is not found.</summary>
    private static async Task<Rental?> LockRentalAsync(NpgsqlConnection connection, AccountId renter, RentalId id, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send("BEGIN").ThenLockRental(renter, id);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return await reader.ReadLockedRentalAsync(cancellation).ConfigureAwait(false);
    }

    /// <summary>What the renter has cancelled is read under the lock of its wallet: of two cancellations at once, the second sees the first.</summary>
    private static async Task<(DateTimeOffset Now, EarlierAnswer? Earlier, List<DateTimeOffset> Cancelled)> LockSidesAsync(
        NpgsqlConnection connection, Intention intention, Rental rental, RentalLimits limits, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = new NpgsqlBatch(connection).ThenLockSidesOf([rental]).ThenFind(intention)
            .Then(ReadCancelled, intention.Account.Value, limits.CancellationsPerHour ?? 0);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        DateTimeOffset now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);
        EarlierAnswer? earlier = await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false);
        return (now, earlier, await reader.RowsAsync(row => row.GetFieldValue<DateTimeOffset>(0), cancellation).ConfigureAwait(false));
    }
}
