using Mycelium.Domain.Accounts;
using Mycelium.Domain.Audit;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Rentals;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Audit;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>
/// Ends somebody else's rental, for its farmer or an operator: exactly the unused time goes back to the renter, with the promised penalty, and the renter is
/// told why. Sent again, it finds that the rental has ended.
/// </summary>
public sealed class EndRental(Transactions transactions)
{
    /// <summary>A machine on a node that is rented whole pays its farmer nothing, who would end it without a penalty.</summary>
    private const string Endable = "id = $1 AND (farmer_id = $2 AND kind <> 'Machine' OR $3)";

    /// <param name="by">The caller.</param>
    /// <param name="isOperator">Whether the caller may end any rental; otherwise only those that pay the caller.</param>
    /// <param name="id">Which rental.</param>
    /// <param name="why">For the renter, a sentence or two.</param>
    /// <param name="cancellation">Of the request.</param>
    public Task<IEndRentalResult> Execute(AccountId by, bool isOperator, RentalId id, string why, CancellationToken cancellation) =>
        transactions.RunAsync(connection => EndAsync(connection, by, isOperator, id, why, cancellation), cancellation);

    private static async Task<IEndRentalResult> EndAsync(
        NpgsqlConnection connection, AccountId by, bool isOperator, RentalId id, string why, CancellationToken cancellation)
    {
        Rental? rental;
        await using (NpgsqlBatch batch = connection.Send("BEGIN")
            .Then($"SELECT FROM rentals WHERE {Endable} FOR NO KEY UPDATE", id.Value, by.Value, isOperator)
            .Then($"SELECT {RentalStatements.Whole} FROM rentals AS rental WHERE {Endable}", id.Value, by.Value, isOperator)
            .ThenLockMachinesOn([id.Value]))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            rental = await reader.ReadLockedRentalAsync(cancellation).ConfigureAwait(false);
        if (rental is null)
            return new RentalNotFound(id);

        DateTimeOffset now;
        await using (NpgsqlBatch locks = new NpgsqlBatch(connection).ThenLockSidesOf([rental]))
        await using (NpgsqlDataReader reader = await locks.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            now = await reader.ReadInstantAfterLocksAsync(cancellation).ConfigureAwait(false);

        IReadOnlyList<RentalSegment> before = rental.Segments;
        RentalEndReason reason = rental.FarmerId == by ? RentalEndReason.CancelledByFarmer : RentalEndReason.CancelledByOperator;
        IEndRentalResult result = rental.Withdraw(reason, now);
        if (result is RentalWithdrawn { Refund: var refund, Penalty: var penalty })
        {
            NpgsqlBatch batch = new NpgsqlBatch(connection).ThenSave([new RentalChange(rental, before)], now);
            if (penalty > MicroUsd.Zero)
                batch.Then("SELECT impose_penalty($1, $2)", id.Value, penalty.Value);
            await batch
                .ThenNotify([Notification.RentalWithdrawn(rental, now, refund, penalty, why)])
                .ThenAudit(new PrivilegedAct(
                    Actor.Of(by), AuditAction.RentalEnded, AuditSubject.Rental, id.ToString(), rental.RenterId,
                    After: new { RefundMicroUsd = refund.Value, PenaltyMicroUsd = penalty.Value, EndReason = reason.ToString() }))
                .Then("COMMIT").RunAsync(cancellation).ConfigureAwait(false);
        }
        return result;
    }
}
