using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>What was done with privilege.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0012_audit")]
public sealed class Audit : SqlMigration;

/// <summary>Quotes that are used once, and how much one renter does.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0013_renters")]
public sealed class Renters : SqlMigration;

/// <summary>Farms that keep their owner although their grid names a twin that nobody has linked.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0014_farm_owners")]
public sealed class FarmOwners : SqlMigration;
