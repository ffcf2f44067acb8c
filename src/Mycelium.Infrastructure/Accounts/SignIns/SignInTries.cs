using System.Security.Cryptography;
using System.Text;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>A name to sign in with, and the network that the caller comes from.</summary>
/// <param name="NameHash">SHA-256 of the normalized name: names that no account has are counted like others.</param>
/// <param name="Network">An IPv4 address, or the /64 of an IPv6 one.</param>
public sealed record SignInTry(byte[] NameHash, string Network)
{
    public static SignInTry Of(string normalizedName, string network) => new(SHA256.HashData(Encoding.UTF8.GetBytes(normalizedName)), network);
}

/// <summary>
/// Counts tries to sign in, in PostgreSQL: replicas count together, and a restart forgets nothing; next to hashing a password the statement costs nothing. A
/// try is counted before the password is checked, so that a thousand at once do not all pass, and taken back when it was right.
/// </summary>
/// <remarks>
/// After <see cref="FailuresMax"/> wrong tries of one network for one name, this network waits <see cref="LockFor"/>; others do not. A crowd of networks that
/// guesses at one name is slowed down to one try in <see cref="SlowFor"/> together after <see cref="FailuresOfNameMax"/>. A network that has signed in before
/// is not held up by them: no stranger can keep an owner out from where they usually are, and from elsewhere a reset by mail opens the way.
/// </remarks>
public sealed class SignInTries(NpgsqlDataSource database)
{
    /// <summary>A person who mistypes gets in; a guesser has some 3,000 tries a day.</summary>
    public const int FailuresMax = 10;

    /// <summary>From the last wrong try.</summary>
    public static readonly TimeSpan LockFor = TimeSpan.FromMinutes(5);

    /// <summary>Of all unknown networks for one name: five people who mistype.</summary>
    public const int FailuresOfNameMax = 50;

    /// <summary>From one try of an unknown network to the next, after that: 2,880 a day, as from one network.</summary>
    public static readonly TimeSpan SlowFor = TimeSpan.FromSeconds(30);

    /// <summary>After this time without a try from an unknown network, the name is counted from the beginning.</summary>
    public static readonly TimeSpan CountedFor = TimeSpan.FromHours(1);

    /// <summary>After this time without a sign-in, a network is an unknown one.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromDays(90);

    private const string Count =
        """
        WITH pair AS (
            INSERT INTO sign_in_tries AS t (name_hash, network, failures, tried_at) VALUES ($1, $2, 1, clock_timestamp())
            ON CONFLICT (name_hash, network) DO UPDATE SET
                failures = CASE WHEN t.tried_at <= clock_timestamp() - $3 THEN 1 ELSE t.failures + 1 END, tried_at = clock_timestamp()
                WHERE t.failures < $4 OR t.tried_at <= clock_timestamp() - $3
            RETURNING coalesce(succeeded_at > clock_timestamp() - $8, false) AS is_known),
        name AS (
            INSERT INTO sign_in_tries AS t (name_hash, network, failures, tried_at) SELECT $1, '', 1, clock_timestamp() FROM pair WHERE NOT is_known
            ON CONFLICT (name_hash, network) DO UPDATE SET
                failures = CASE WHEN t.tried_at <= clock_timestamp() - $5 THEN 1 ELSE t.failures + 1 END, tried_at = clock_timestamp()
                WHERE t.failures < $6 OR t.tried_at <= clock_timestamp() - $7
            RETURNING 1)
        SELECT EXISTS (SELECT FROM pair WHERE is_known) OR EXISTS (SELECT FROM name)
        """;

    // The name's count loses only this try: the owner of one of many networks must not wipe out the guesses of the others.
    private const string TakeBack =
        """
        WITH name AS (UPDATE sign_in_tries SET failures = greatest(failures - 1, 0) WHERE name_hash = $1 AND network = ''
            AND NOT EXISTS (SELECT FROM sign_in_tries WHERE name_hash = $1 AND network = $2 AND succeeded_at > clock_timestamp() - $3))
        INSERT INTO sign_in_tries (name_hash, network, tried_at, succeeded_at) VALUES ($1, $2, clock_timestamp(), clock_timestamp())
        ON CONFLICT (name_hash, network) DO UPDATE SET failures = 0, succeeded_at = clock_timestamp()
        """;

    private const string Forgive =
        """
        UPDATE sign_in_tries SET failures = greatest(failures - 1, 0)
        WHERE name_hash = $1 AND (network = $2 OR network = '' AND NOT EXISTS (SELECT FROM sign_in_tries
            WHERE name_hash = $1 AND network = $2 AND succeeded_at > clock_timestamp() - $3))
        """;

    private const string Prune =
        """
        DELETE FROM sign_in_tries WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM sign_in_tries WHERE tried_at < clock_timestamp() - $1 AND (succeeded_at IS NULL OR succeeded_at < clock_timestamp() - $2)
            ORDER BY tried_at LIMIT $3 FOR UPDATE SKIP LOCKED))
        """;

    /// <summary>Counts a try.</summary>
    /// <returns>False when it has to wait: the password is not checked then.</returns>
    public Task<bool> CountAsync(SignInTry attempt, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(
                Count, attempt.NameHash, attempt.Network, LockFor, FailuresMax, CountedFor, FailuresOfNameMax, SlowFor, KnownFor);
            return await batch.ExecuteScalarAsync(cancellation).ConfigureAwait(false) is true;
        },
        cancellation);

    /// <summary>The try was right, or its owner has proved to be one by mail: the network is one to sign in from.</summary>
    public Task TakeBackAsync(SignInTry attempt, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(connection => connection.Send(TakeBack, attempt.NameHash, attempt.Network, KnownFor), cancellation);

    /// <summary>
    /// The password was right, and nothing proves that its owner is present: the account has a second factor, which was not checked. Only this try is taken
    /// back, or a right password would wipe out wrong codes.
    /// </summary>
    public Task ForgiveAsync(SignInTry attempt, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(connection => connection.Send(Forgive, attempt.NameHash, attempt.Network, KnownFor), cancellation);

    /// <summary>Deletes some of those that count no more.</summary>
    public Task<int> PruneAsync(int countMax, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(connection => connection.Send(Prune, CountedFor, KnownFor, countMax), cancellation);
}
