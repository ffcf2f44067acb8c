using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure;

/// <summary>
/// Finds what in the database would let in callers who must not get in. A host registers it outside Development; <see cref="StartUp"/> then ends the process
/// with one sentence for each finding.
/// </summary>
public sealed class DatabaseGuard(NpgsqlDataSource database)
{
    /// <summary>
    /// What the role can do, also through roles that it is a member of; for a superuser, which is a member of all roles, only what it can do itself.
    /// </summary>
    private const string Powers = """
        SELECT rolname, power, rolname = current_user, current_user::text
        FROM pg_roles AS held
        CROSS JOIN LATERAL (VALUES
            (rolsuper, 'is a superuser'), (rolcreaterole, 'may create roles'), (rolbypassrls, 'bypasses row-level security'),
            (rolreplication, 'may copy the whole server'),
            (EXISTS (SELECT FROM pg_class WHERE relowner = held.oid AND relnamespace = 'public'::regnamespace)
             OR EXISTS (SELECT FROM pg_proc WHERE proowner = held.oid AND pronamespace = 'public'::regnamespace)
             OR EXISTS (SELECT FROM pg_namespace WHERE nspowner = held.oid AND nspname = 'public')
             OR EXISTS (SELECT FROM pg_database WHERE datdba = held.oid AND datname = current_database()), 'owns the database or its tables'),
            (rolname IN ('pg_write_all_data', 'pg_execute_server_program', 'pg_write_server_files', 'pg_read_server_files'),
                'can read or write any data or server file')) AS one (holds, power)
        WHERE holds AND (rolname = current_user
            OR pg_has_role(current_user, held.oid, 'MEMBER') AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user))
        ORDER BY rolname = current_user DESC, rolname, power
        """;

    private const string CanRead = """
        SELECT coalesce(has_table_privilege(to_regclass('public.accounts')::oid, 'SELECT')
            AND has_table_privilege(to_regclass('public.data_protection_keys')::oid, 'SELECT'), false)
        """;

    /// <summary>Confirmed ones, as Development makes them: anyone may sign up with such an address, but only Development confirms it.</summary>
    private const string OpenDemoAccounts =
        "SELECT count(*) FROM accounts WHERE normalized_user_name LIKE '%@DEMO.MYCELIUM' AND password_hash IS NOT NULL AND email_confirmed";

    /// <summary>A sentence for each finding, with what to do. Before there are tables, only the role is checked.</summary>
    public Task<IReadOnlyList<string>> FindAsync(CancellationToken cancellation) => database.UseAsync<IReadOnlyList<string>>(
        async connection =>
        {
            List<string> findings = [];
            await using (NpgsqlBatch ask = connection.Send(Powers))
            await using (NpgsqlDataReader reader = await ask.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
            {
                var powers = await reader.RowsAsync(
                    row => (Text: row.GetBoolean(2) ? row.GetString(1) : $"{row.GetString(1)} as {row.GetString(0)}", Role: row.GetString(3)),
                    cancellation).ConfigureAwait(false);
                if (powers.Count > 0)
                {
                    findings.Add(
                        $"The role {powers[0].Role} of Postgres:ConnectionString {string.Join(", ", powers.Select(power => power.Text))}. "
                        + "Create a role that owns nothing and name it there; the owner's connection string is Postgres:MigratorConnectionString. "
                        + "docs/operations.md, \"Two database roles\", has the statements.");
                }
            }
            if (await ScalarAsync<bool>(connection, CanRead, cancellation).ConfigureAwait(false))
            {
                long demo = await ScalarAsync<long>(connection, OpenDemoAccounts, cancellation).ConfigureAwait(false);
                if (demo > 0)
                    findings.Add(
                        $"{demo} accounts of demo.mycelium have a password, which the README tells everybody. "
                        + "Run this program once with the argument close-demo-accounts.");
                int open = (await OpenKeys.FindAsync(connection, cancellation).ConfigureAwait(false)).Count;
                if (open > 0)
                {
                    findings.Add(
                        $"{open} keys for tokens and quotes lie open in the database: a backup is enough to sign in as anybody. "
                        + "Set DataProtection:Certificate and run this program once with the argument revoke-open-keys; everybody signs in again.");
                }
            }
            return findings;
        },
        cancellation);

    private static async Task<T> ScalarAsync<T>(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var ask = new NpgsqlCommand(sql, connection);
        return (T)(await ask.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
    }
}

/// <summary>The service does not start on this database outside Development.</summary>
/// <param name="findings">A sentence each.</param>
public sealed class UnsafeDatabaseException(IReadOnlyList<string> findings) : Exception(string.Join(" ", findings))
{
    public IReadOnlyList<string> Findings => findings;
}
