using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>An index: whether an account is a farmer follows from its twins.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0006_farmer_twins_by_account")]
public sealed class FarmerTwinsByAccount : SqlMigration;
