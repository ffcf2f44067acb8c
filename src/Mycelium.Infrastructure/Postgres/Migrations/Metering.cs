using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>Rentals that are paid by the hour, the names that point at rentals, and whom a low balance was reported to.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0020_metering")]
public sealed class Metering : SqlMigration;
