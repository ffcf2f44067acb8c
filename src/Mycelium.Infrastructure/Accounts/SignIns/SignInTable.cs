using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// The sign-ins of all accounts. A refresh token names its sign-in and its generation, and works once: a second use means that either copy may be in the hands
/// of a thief, so the whole sign-in ends.
/// </summary>
public sealed class SignInTable(NpgsqlDataSource database)
{
    /// <summary>How long after its use a refresh token is answered again: a response was lost, and the client that retries is honest.</summary>
    public static readonly TimeSpan RetryFor = TimeSpan.FromSeconds(30);

    private const string Begin =
        "INSERT INTO sign_ins (id, account_id, created_at, used_at, expires_at) VALUES ($1, $2, clock_timestamp(), clock_timestamp(), clock_timestamp() + $3)";

    // One statement: the second caller waits for the row and then sees what the first has written.
    private const string Rotate =
        """
        UPDATE sign_ins SET
            generation = CASE WHEN $3 = generation THEN generation + 1 ELSE generation END,
            rotated_at = CASE WHEN $3 = generation THEN clock_timestamp() ELSE rotated_at END,
            used_at = clock_timestamp(),
            expires_at = CASE WHEN $3 = generation THEN clock_timestamp() + $5 ELSE expires_at END,
            ended_at = CASE WHEN $3 = generation OR ($3 = generation - 1 AND rotated_at > clock_timestamp() - $6) THEN NULL ELSE clock_timestamp() END
        FROM accounts AS account
        WHERE sign_ins.id = $1 AND account_id = $2 AND ended_at IS NULL AND expires_at > clock_timestamp() AND $3 <= generation
            AND account.id = account_id AND account.security_stamp = $4 AND coalesce(account.lockout_end <= market_now(), true)
        RETURNING generation, ended_at IS NOT NULL, coalesce(user_name, ''), coalesce(email, ''),
            ARRAY(SELECT name FROM account_roles JOIN roles ON roles.id = role_id WHERE user_id = account.id)
        """;

    private const string Prune = """
        DELETE FROM sign_ins WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM sign_ins WHERE expires_at < clock_timestamp() - $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    /// <returns>A new sign-in, of generation 1.</returns>
    public async Task<SignInKey> BeginAsync(AccountId account, TimeSpan life, CancellationToken cancellation)
    {
        var key = new SignInKey(account, Guid.NewGuid());
        await database.ChangeIfAvailableAsync(connection => connection.Send(Begin, key.SignIn, account.Value, life), cancellation).ConfigureAwait(false);
        return key;
    }

    /// <summary>Uses a refresh token. May be repeated when the first call was committed and its response lost.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="generation">Which of its sign-in.</param>
    /// <param name="securityStamp">The account's when the token was issued.</param>
    /// <param name="life">Of the next token.</param>
    /// <param name="cancellation">Of the caller.</param>
    public Task<Rotation> RotateAsync(
        SignInKey key, int generation, string securityStamp, TimeSpan life, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(Rotate, key.SignIn, key.Account.Value, generation, securityStamp, life, RetryFor);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            if (!await reader.ReadAsync(cancellation).ConfigureAwait(false))
                return Rotation.Refused;
            return reader.GetBoolean(1)
                ? Rotation.Ended
                : new Rotation(RotationOutcome.Rotated, reader.GetInt32(0), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<string[]>(4));
        },
        cancellation);

    /// <summary>Deletes some of those whose last refresh token ended long ago, oldest first.</summary>
    public Task<int> PruneAsync(TimeSpan after, int countMax, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(connection => connection.Send(Prune, after, countMax), cancellation);
}
