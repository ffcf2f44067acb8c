using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>An account as operators see it.</summary>
public sealed record AccountSummary(AccountId Id, string Email, IReadOnlyList<Role> Roles);

/// <summary>Reads other people's accounts, for operators.</summary>
public sealed class AccountReader(NpgsqlDataSource database)
{
    private const string Select =
        """
        SELECT id, coalesce(email, ''),
            ARRAY(SELECT name FROM account_roles JOIN roles ON roles.id = role_id WHERE user_id = account.id AND name <> 'farmer')
                || CASE WHEN EXISTS (SELECT FROM farmer_twins WHERE account_id = account.id) THEN ARRAY['farmer'] ELSE '{}' END
        FROM accounts AS account
        """;

    /// <summary>Null when no account has the address.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public Task<AccountSummary?> FindAsync(string normalizedEmail, CancellationToken cancellation) =>
        ReadAsync($"{Select} WHERE normalized_email = $1", normalizedEmail, cancellation);

    /// <summary>Null when no account has the id.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public Task<AccountSummary?> FindAsync(AccountId id, CancellationToken cancellation) => ReadAsync($"{Select} WHERE id = $1", id.Value, cancellation);

    private Task<AccountSummary?> ReadAsync(string sql, object key, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(sql, key);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            List<AccountSummary> found = await reader.RowsAsync(
                row => new AccountSummary(new AccountId(row.GetGuid(0)), row.GetString(1), Roles.Of(row.GetFieldValue<string[]>(2))),
                cancellation).ConfigureAwait(false);
            return found.FirstOrDefault();
        },
        cancellation);
}
