using Mycelium.Domain.Rentals;
using Mycelium.Infrastructure.Tests.Postgres;

namespace Mycelium.Infrastructure.Tests.Provisioning;

/// <summary>
/// Rentals begin active in this release's database. Here its owner makes room for one that waits for its machine, so that both ends of waiting can be reached.
/// </summary>
internal static class RentalsToBe
{
    private const string MakeRoom =
        """
        ALTER DOMAIN rental_status DROP CONSTRAINT IF EXISTS rental_status_check;
        ALTER DOMAIN rental_end_reason DROP CONSTRAINT IF EXISTS rental_end_reason_check;
        ALTER TABLE rentals DROP CONSTRAINT IF EXISTS rentals_end_for_a_reason;
        DROP TRIGGER IF EXISTS rentals_end_once ON rentals;
        DROP TRIGGER IF EXISTS rentals_record_update ON rentals;
        DROP TRIGGER IF EXISTS rentals_are_whole ON rentals;
        """;

    public static async Task AwaitMachineAsync(TestMarket market, RentalId rental)
    {
        await market.SqlAsync(MakeRoom);
        await market.MoveTimeAsync("UPDATE rentals SET status = 'Provisioning' WHERE id = $1", rental.Value);
    }
}
