using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// The codes of authenticators that were used: each counts once (RFC 6238, section 5.2), at whichever replica. A code that was seen over a shoulder, or
/// intercepted, is useless.
/// </summary>
public sealed class OneTimeCodes(NpgsqlDataSource database)
{
    /// <summary>Longer than a code is valid: ASP.NET Core Identity accepts those of two steps of 30 s before and after the current one.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);

    private const string Use =
        """
        INSERT INTO used_codes AS used (account_id, code, used_at) VALUES ($1, $2, clock_timestamp())
        ON CONFLICT (account_id, code) DO UPDATE SET used_at = excluded.used_at WHERE used.used_at < clock_timestamp() - $3
        """;

    private const string Prune =
        """
        DELETE FROM used_codes WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM used_codes WHERE used_at < clock_timestamp() - $1 ORDER BY used_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    /// <param name="account">The account that the code belongs to.</param>
    /// <param name="code">A code that is right at this moment.</param>
    /// <param name="cancellation">Of the caller.</param>
    /// <returns>False when it was used before.</returns>
    public async Task<bool> TryUseAsync(AccountId account, int code, CancellationToken cancellation) =>
        await database.ChangeIfAvailableAsync(connection => connection.Send(Use, account.Value, code, KeptFor), cancellation).ConfigureAwait(false) == 1;

    /// <summary>Deletes some of those that are no longer valid anyway.</summary>
    public Task<int> PruneAsync(int countMax, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(connection => connection.Send(Prune, KeptFor, countMax), cancellation);
}
