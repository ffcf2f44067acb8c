using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>Rentals of whole nodes, of machines on them, and rentals that were moved to another node.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0021_whole_nodes")]
public sealed class WholeNodes : SqlMigration
{
    protected override IEnumerable<string> Files => ["Migrations.0021_whole_nodes.sql"];
}
