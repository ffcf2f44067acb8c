using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Mycelium.Infrastructure.Postgres.Schema;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>The life of a rental: segments, holds, grace, renewal, its timeline, and earnings as time passes.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0016_rental_life")]
public sealed class RentalLife : Migration
{
    /// <summary>Each file can be run again: it is a transaction of its own, and the migration may be interrupted between two.</summary>
    private static readonly string[] files = ["life_types", "life_rentals", "life_tables", "life_slices", "life_ledger", "life_history"];

    /// <summary>One transaction for all would hold locks of many tables in an order that renting does not have.</summary>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (string file in files)
            migrationBuilder.Sql(SqlFiles.Read($"Migrations.0016_{file}.sql"), suppressTransaction: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Migrations go forward only; restore a backup to go back.");
}
