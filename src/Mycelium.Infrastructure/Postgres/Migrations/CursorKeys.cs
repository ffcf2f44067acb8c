using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>The secret that cursors are signed with.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0011_cursor_keys")]
public sealed class CursorKeys : SqlMigration;
