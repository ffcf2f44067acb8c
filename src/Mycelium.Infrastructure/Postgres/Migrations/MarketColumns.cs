using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>
/// Columns that the API shows and filters by: why a node sells nothing, its price while it is registered, versions of combinations, and terms in months.
/// </summary>
[DbContext(typeof(MyceliumDb)), Migration("0015_market_columns")]
public sealed class MarketColumns : Migration
{
    /// <summary>
    /// They follow from the row, and the table is rewritten once: about 2 s for 100,000 nodes. An unregistered node has no price, so it neither shows as 0 nor
    /// sorts as the cheapest. The reasons are those of <c>GridNode.WhyUnavailable</c>; a test compares both over random nodes.
    /// </summary>
    private const string OfNodes =
        """
        ALTER TABLE nodes
            ADD COLUMN IF NOT EXISTS is_registered boolean NOT NULL GENERATED ALWAYS AS (farmer_id IS NOT NULL) STORED,
            ADD COLUMN IF NOT EXISTS price_per_slice_hour micro_usd_per_hour
                GENERATED ALWAYS AS (CASE WHEN farmer_id IS NOT NULL THEN price_per_slice END) STORED,
            ADD COLUMN IF NOT EXISTS unavailability text GENERATED ALWAYS AS (CASE
                WHEN farmer_id IS NULL THEN 'NotRegistered'
                WHEN NOT is_published THEN 'NotPublished'
                WHEN missed_passes >= 3 THEN 'Vanished'
                WHEN doubted_since IS NOT NULL THEN 'Doubted'
                WHEN status = 'Down' THEN 'Down'
                WHEN is_dedicated THEN 'Dedicated'
                WHEN is_rented_on_grid OR rented_by_twin_id IS NOT NULL THEN 'RentedOnGrid'
                WHEN allocated_slices > slice_capacity THEN 'Overcommitted' END) STORED
        """;

    /// <summary>The version of the node, so that a client can tell which of two answers is the later.</summary>
    private const string OfCombinations = "ALTER TABLE slice_combinations ADD COLUMN IF NOT EXISTS version bigint NOT NULL DEFAULT 0";

    /// <summary>The triggers refuse writes that do not follow from a change of a node. The batch is one transaction.</summary>
    private const string Versions =
        """
        ALTER TABLE slice_combinations DISABLE TRIGGER USER;
        UPDATE slice_combinations AS shown SET version = node.version FROM nodes AS node WHERE node.id = shown.node_id AND node.version <> shown.version;
        ALTER TABLE slice_combinations ENABLE TRIGGER USER
        """;

    /// <summary>
    /// Null for a term in hours, and for older rentals, which show by their discount that they were rented by the month. No row is read for it.
    /// </summary>
    private const string OfRentals =
        """
        ALTER TABLE rentals ADD COLUMN IF NOT EXISTS months integer;
        ALTER TABLE rentals DROP CONSTRAINT IF EXISTS rentals_months_are_hours;
        ALTER TABLE rentals ADD CONSTRAINT rentals_months_are_hours CHECK (months > 0 AND hours = months * 720) NOT VALID
        """;

    /// <summary>Each is a transaction of its own: one for all would hold locks of many tables in an order that renting does not have.</summary>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (string statement in (string[])[OfNodes, OfCombinations, Versions, OfRentals])
            migrationBuilder.Sql(statement, suppressTransaction: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Migrations go forward only; restore a backup to go back.");
}
