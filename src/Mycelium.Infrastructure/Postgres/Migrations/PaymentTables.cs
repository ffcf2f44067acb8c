using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>Payments of a provider, their events and disputes, and what the ledger calls their movements.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0019_payments")]
public sealed class PaymentTables : SqlMigration;
