using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Mycelium.Infrastructure.Postgres.Schema;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>
/// A migration whose steps are the SQL file of its name. It only adds: replicas of the release before go on working next to it. Forward only: data that was kept is not
/// thrown away by a step back.
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

/// <summary>What grids say that cannot be believed, nodes whose farm has another owner, and grids that shrink.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0003_grid")]
public sealed class GridDoubts : SqlMigration;
