using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>A column that lets the application's role lock wallets without the right to change anything in them.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0010_wallet_locks")]
public sealed class WalletLocks : SqlMigration;
