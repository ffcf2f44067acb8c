using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Mycelium.Infrastructure.Postgres.Schema;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>
/// A migration whose steps are the SQL file of its name. It only adds: replicas of the previous release keep working next to it. Forward only: data that was
/// kept is not thrown away by a step back.
/// </summary>
public abstract class SqlMigration : Migration
{
    /// <summary>The embedded files, in order, below <c>Postgres</c>.</summary>
    protected virtual IEnumerable<string> Files => [$"Migrations.{GetType().GetCustomAttribute<MigrationAttribute>()!.Id}.sql"];

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        foreach (string file in Files)
            migrationBuilder.Sql(SqlFiles.Read(file));
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Migrations go forward only; restore a backup to go back.");
}

/// <summary>All tables, a file for each subject, in the order in which they refer to each other.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0001_tables")]
public sealed class Tables : SqlMigration
{
    private static readonly string[] subjects =
        ["Types", "Accounts", "Partners", "Grid", "Farms", "Nodes", "Market", "Rentals", "Slices", "Billing", "Events", "Definitions"];

    protected override IEnumerable<string> Files => subjects.Select(subject => $"Schema.Tables.{subject}.sql");
}

/// <summary>Events that are recognised after the database was put back to an earlier time.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0002_event_marks")]
public sealed class EventMarks : SqlMigration;

/// <summary>What grids report that cannot be believed, nodes whose farm has another owner, and grids that shrink.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0003_grid")]
public sealed class GridDoubts : SqlMigration;

/// <summary>
/// One clock for all SQL: <c>market_now()</c> is the database's clock. The tables' owner may replace it, so that months pass in a test; no other role can. It
/// is made here and not among the definitions because defaults of columns refer to it.
/// </summary>
[DbContext(typeof(MyceliumDb)), Migration("0007_market_now")]
public sealed class MarketNow : Migration
{
    private static readonly (string Table, string Column)[] defaults =
    [
        ("operation_documents", "registered_at"), ("grids", "created_at"), ("farmer_twins", "created_at"), ("events", "created_at"),
        ("ledger_entries", "created_at"),
        ("idempotency_keys", "created_at"),
    ];

    /// <summary>Each statement is a transaction of its own: one for all would hold locks of many tables in an order that renting does not have.</summary>
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql("CREATE OR REPLACE FUNCTION market_now() RETURNS timestamptz LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT clock_timestamp()'");
        foreach ((string table, string column) in defaults)
            migrationBuilder.Sql($"ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT market_now()", suppressTransaction: true);
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Migrations go forward only; restore a backup to go back.");
}
