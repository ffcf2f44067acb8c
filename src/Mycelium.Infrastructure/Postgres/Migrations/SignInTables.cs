using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Mycelium.Infrastructure.Postgres.Migrations;

/// <summary>Refresh tokens that work once, and tries to sign in that are counted for each network.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0008_sign_ins")]
public sealed class SignInTables : SqlMigration;

/// <summary>Mails that wait to be sent.</summary>
[DbContext(typeof(MyceliumDb)), Migration("0009_mails")]
public sealed class MailTable : SqlMigration;
