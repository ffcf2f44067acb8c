using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>Penalties for rentals that were ended early by somebody else than their renter.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0022_penalties")]
public sealed class Penalties : SqlMigration
{
    protected override IEnumerable<string> Files => ["Migrations.0022_penalties.sql"];
}
