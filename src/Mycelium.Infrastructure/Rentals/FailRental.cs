using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Ends a rental whose machine could not be made: refunded in full, its slices free. Nothing for a rental in any other state.</summary>
public sealed class FailRental(NpgsqlDataSource database)
{
    private const string Fail =
        """
        UPDATE rentals
        SET status = 'Failed', ended_at = least(greatest(market_now(), starts_at), ends_at), end_reason = $2, refunded = paid, version = version + 1
        WHERE id = $1 AND status = 'Provisioning'
        """;

    private const string ReturnSlices = "DELETE FROM slices USING rentals WHERE rentals.id = rental_id AND rental_id = $1 AND status = 'Failed'";

    public Task Execute(RentalId id, RentalEndReason reason, CancellationToken cancellation) => database.ChangeIfAvailableAsync(
        connection => connection.Send("BEGIN").Then(Fail, id.Value, reason.ToString()).Then(ReturnSlices, id.Value).Then("COMMIT"), cancellation);
}
