using System.Text.RegularExpressions;
using Npgsql;

namespace Mycelium.Infrastructure.Postgres.Schema;

/// <summary>
/// The rights of the application's role, from <c>Schema/Rights.sql</c>: a definition like others, with the role's name in it. So an older release that restarts
/// in the middle of an upgrade does not revoke rights that a newer one has granted.
/// </summary>
internal static partial class SchemaRights
{
    private const string Placeholder = ":application";
    private static readonly string text = SqlFiles.Read("Schema.Rights.sql");

    /// <summary>Null where the owner itself is the application's role: it has every right.</summary>
    public static SchemaDefinition? For(PostgresOptions options)
    {
        string application = RoleOf(options.ConnectionString, nameof(PostgresOptions.ConnectionString));
        bool isOwner = options.MigratorConnectionString.Length > 0
            && application == RoleOf(options.MigratorConnectionString, nameof(PostgresOptions.MigratorConnectionString));
        return isOwner ? null : For(application);
    }

    public static SchemaDefinition For(string role) =>
        SchemaDefinition.Parse($"Rights of {role}", text.Replace(Placeholder, $"\"{role}\"", StringComparison.Ordinal));

    private static string RoleOf(string connectionString, string setting)
    {
        string? role = new NpgsqlConnectionStringBuilder(connectionString).Username;
        return role is { Length: > 0 } && PlainName().IsMatch(role)
            ? role
            : throw new InvalidOperationException($"Postgres:{setting} must name a role as Username, of up to 63 letters, digits, hyphens and underscores.");
    }

    /// <summary>The name goes into statements that take no parameters.</summary>
    [GeneratedRegex("^[A-Za-z0-9_-]{1,63}$")]
    private static partial Regex PlainName();
}
