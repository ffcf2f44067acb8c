using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>Machines of rentals, and what their comparison with the provisioners' lists remembers.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0018_machines")]
public sealed class MachineTables : SqlMigration;
