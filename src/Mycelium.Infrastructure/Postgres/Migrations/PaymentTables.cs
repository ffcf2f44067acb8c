using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>Payments of a provider with their events and disputes, withdrawals, and what the ledger calls their movements.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0019_payments")]
public sealed class PaymentTables : SqlMigration
{
    protected override IEnumerable<string> Files => ["Migrations.0019_payments.sql", "Migrations.0019_withdrawals.sql"];
}
