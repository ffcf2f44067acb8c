using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>
/// Columns that the API shows and filters by: why a node sells nothing, its price while it is registered, versions of combinations, and terms in months.
/// </summary>
[DbContext(typeof(MyceliumDb)), Migration("0015_market_columns")]
public sealed class MarketColumns : SqlMigration;
