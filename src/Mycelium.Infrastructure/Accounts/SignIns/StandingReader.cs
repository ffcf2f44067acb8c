using System.Collections.Frozen;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>Reads the standing of many sign-ins in one statement, by keys alone.</summary>
public sealed class StandingReader(KeyedSource keyed)
{
    /// <summary>Of one statement: some 20 ms.</summary>
    public const int BatchMax = 1_000;

    /// <summary>
    /// <c>lockout_end</c> is an operator's lock alone: wrong passwords are counted in <c>sign_in_tries</c>, so that a stranger's guesses sign no one out.
    /// </summary>
    private const string Read =
        """
        SELECT requested.n, coalesce(account.security_stamp, ''),
            coalesce(account.lockout_end <= market_now(), true)
                AND (requested.sign_in = '00000000-0000-0000-0000-000000000000' OR EXISTS (
                    SELECT FROM sign_ins WHERE id = requested.sign_in AND account_id = account.id AND ended_at IS NULL AND expires_at > clock_timestamp())),
            ARRAY(SELECT name FROM account_roles JOIN roles ON roles.id = role_id WHERE user_id = account.id AND name <> $3),
            EXISTS (SELECT FROM farmer_twins WHERE account_id = account.id)
        FROM unnest($1, $2) WITH ORDINALITY AS requested(account, sign_in, n) JOIN accounts AS account ON account.id = requested.account
        """;

    /// <returns>The standings in the order of the keys.</returns>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public Task<IReadOnlyList<AccountStanding>> ReadAsync(IReadOnlyList<SignInKey> keys, CancellationToken cancellation) =>
        keyed.Connections.UseIfAvailableAsync(connection => ReadAsync(connection, keys, cancellation), cancellation);

    private static async Task<IReadOnlyList<AccountStanding>> ReadAsync(
        NpgsqlConnection connection, IReadOnlyList<SignInKey> keys, CancellationToken cancellation)
    {
        var standings = new AccountStanding[keys.Count];
        Array.Fill(standings, AccountStanding.None);
        await using var command = new NpgsqlCommand(Read, connection);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.Account.Value)] });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. keys.Select(key => key.SignIn)] });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Roles.Farmer });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellation).ConfigureAwait(false))
        {
            string[] roles = reader.GetFieldValue<string[]>(3);
            standings[reader.GetInt64(0) - 1] = new AccountStanding(
                reader.GetString(1), (reader.GetBoolean(4) ? roles.Append(Roles.Farmer) : roles).ToFrozenSet(StringComparer.Ordinal), reader.GetBoolean(2));
        }
        return standings;
    }
}
