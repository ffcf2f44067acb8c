using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Mycelium.Infrastructure.Postgres.Schema;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>
/// Uptime samples by month. The samples that are there are read once, while others go on writing; the step that keeps others out reads none. Each step can
/// be run again: it is a transaction of its own, and the migration may be interrupted between two.
/// </summary>
[DbContext(typeof(MyceliumDb)), Migration("0022_sample_partitions")]
public sealed class SamplePartitions : Migration
{
    private const string Check =
        """
        DO $$ BEGIN
            IF (SELECT relkind FROM pg_class WHERE oid = 'uptime_samples'::regclass) = 'r' THEN
                ALTER TABLE uptime_samples VALIDATE CONSTRAINT uptime_samples_are_of_a_month;
            END IF;
        END $$
        """;

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (string step in (string[])[SqlFiles.Read("Migrations.0022_samples_bound.sql"), Check, SqlFiles.Read("Migrations.0022_samples_divide.sql")])
            migrationBuilder.Sql(step, suppressTransaction: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Migrations go forward only; restore a backup to go back.");
}
