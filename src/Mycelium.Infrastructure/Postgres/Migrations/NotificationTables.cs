using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>What accounts are told, and events of it and of wallets.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0017_notifications")]
public sealed class NotificationTables : SqlMigration;
