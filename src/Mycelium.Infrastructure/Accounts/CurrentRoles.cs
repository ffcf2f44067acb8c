using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>Reads which roles an account has now, whatever a token says. An account is a farmer while a twin is linked to it, and in no other way.</summary>
public sealed class CurrentRoles(NpgsqlDataSource database)
{
    private const string Held =
        """
        SELECT name FROM account_roles JOIN roles ON roles.id = role_id WHERE user_id = $1 AND name <> $2
        UNION ALL
        SELECT $2 WHERE EXISTS (SELECT FROM farmer_twins WHERE account_id = $1)
        """;

    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public async Task<IReadOnlySet<string>> OfAsync(AccountId account, CancellationToken cancellation)
    {
        try
        {
            return await database.UseAsync(connection => ReadAsync(connection, account, cancellation), cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.AsUnavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }

    private static async Task<IReadOnlySet<string>> ReadAsync(NpgsqlConnection connection, AccountId account, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(Held, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Value });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Roles.Farmer });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        return (await reader.RowsAsync(row => row.GetString(0), cancellation).ConfigureAwait(false)).ToHashSet(StringComparer.Ordinal);
    }
}
