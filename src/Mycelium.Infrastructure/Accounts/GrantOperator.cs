using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>Gives the role of an operator to the account that signs in with a name. Doing it again changes nothing.</summary>
public sealed class GrantOperator(Transactions transactions)
{
    private const string Grant =
        """
        WITH account AS (SELECT id FROM accounts WHERE normalized_user_name = $1),
            granted AS (
                INSERT INTO account_roles (user_id, role_id) SELECT account.id, role.id FROM account, roles AS role WHERE role.name = $2
                ON CONFLICT DO NOTHING RETURNING user_id)
        SELECT EXISTS (SELECT FROM account), EXISTS (SELECT FROM granted)
        """;

    /// <param name="normalizedName">The account's name as Identity normalizes it.</param>
    /// <param name="cancellation">Gives up, before or instead of the commit.</param>
    public Task<Outcome> Execute(string normalizedName, CancellationToken cancellation) =>
        transactions.RunAsync(connection => GrantAsync(connection, normalizedName, cancellation), cancellation);

    private static async Task<Outcome> GrantAsync(NpgsqlConnection connection, string normalizedName, CancellationToken cancellation)
    {
        await using NpgsqlBatch batch = connection.Send(Grant, normalizedName, Roles.Operator);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.ReadAsync(cancellation).ConfigureAwait(false);
        return (reader.GetBoolean(0), reader.GetBoolean(1)) switch
        {
            (false, _) => Outcome.NoSuchAccount,
            (true, true) => Outcome.Granted,
            (true, false) => Outcome.WasOperator,
        };
    }

    public enum Outcome { Granted, WasOperator, NoSuchAccount }
}
