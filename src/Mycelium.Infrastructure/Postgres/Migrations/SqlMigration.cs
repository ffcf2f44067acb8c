using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>A migration whose steps are the embedded SQL file of its name. Forward only: data that was kept is not thrown away by a step back.</summary>
public abstract class SqlMigration : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder)
    {
        string id = GetType().GetCustomAttribute<MigrationAttribute>()!.Id;
        migrationBuilder.Sql(Read($"{typeof(SqlMigration).Namespace}.{id}.sql"));
    }

    protected override void Down(MigrationBuilder migrationBuilder) =>
        throw new NotSupportedException("Migrations go forward only; restore a backup to go back.");

    private static string Read(string name)
    {
        using Stream file = typeof(SqlMigration).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly holds no {name}.");
        using var reader = new StreamReader(file);
        return reader.ReadToEnd();
    }
}

[DbContext(typeof(MyceliumDb)), Migration("0001_accounts")]
public sealed class Accounts : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0002_grid")]
public sealed class Grid : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0003_rentals")]
public sealed class Rentals : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0004_ledger")]
public sealed class Ledger : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0005_events")]
public sealed class Events : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0006_market")]
public sealed class Market : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0007_group_commit")]
public sealed class GroupCommit : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0008_operation_documents")]
public sealed class OperationDocuments : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0009_market_by_region")]
public sealed class MarketByRegion : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0010_numbered_at_commit")]
public sealed class NumberedAtCommit : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0011_rentals_written_at_once")]
public sealed class RentalsWrittenAtOnce : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0012_rentals_by_columns")]
public sealed class RentalsByColumns : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0013_waiting_to_number")]
public sealed class WaitingToNumber : SqlMigration;

[DbContext(typeof(MyceliumDb)), Migration("0014_key_ring")]
public sealed class KeyRing : SqlMigration;
