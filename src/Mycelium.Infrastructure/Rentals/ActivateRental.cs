using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Rentals;

/// <summary>Begins a rental whose machine is ready: it is billed from this instant on. Nothing for a rental in any other state.</summary>
public sealed class ActivateRental(NpgsqlDataSource database)
{
    public Task Execute(RentalId id, CancellationToken cancellation) => database.ChangeIfAvailableAsync(
        connection => connection.Send("UPDATE rentals SET status = 'Active', version = version + 1 WHERE id = $1 AND status = 'Provisioning'", id.Value),
        cancellation);
}
