using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>What was done with privilege.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0012_audit")]
public sealed class AuditEntriesTable : SqlMigration;

/// <summary>
/// Quotes that are used once, and how much one renter does. Rentals from before, and those at the price of the moment, have no quote. Each index is a
/// transaction of its own, so that renting waits for one at a time: half a second to two with a million rentals. <c>CONCURRENTLY</c> would wait for the
/// replicas that wait for this migration.
/// </summary>
[DbContext(typeof(MyceliumDb)), Migration("0013_renters")]
public sealed class Renters : Migration
{
    private static readonly (string Name, string Kind, string Columns)[] indexes =
    [
        ("rentals_use_a_quote_once", "UNIQUE INDEX", "(quote_id) WHERE quote_id IS NOT NULL"),
        // What one renter has begun, holds and has cancelled lately, newest first: what limits of renters are decided on.
        ("rentals_begun", "INDEX", "(renter_id, starts_at)"),
        ("rentals_held", "INDEX", "(renter_id, ends_at) INCLUDE (slice_total) WHERE status = 'Active'"),
        ("rentals_cancelled", "INDEX", "(renter_id, ended_at) WHERE status = 'Cancelled'"),
    ];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("ALTER TABLE rentals ADD COLUMN IF NOT EXISTS quote_id uuid", suppressTransaction: true);
        foreach ((string name, string kind, string columns) in indexes)
            migrationBuilder.Sql($"CREATE {kind} IF NOT EXISTS {name} ON rentals {columns}", suppressTransaction: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Migrations go forward only; restore a backup to go back.");
}

/// <summary>Farms that keep their owner although their grid names a twin that is not linked.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0014_farm_owners")]
public sealed class FarmOwners : SqlMigration;
