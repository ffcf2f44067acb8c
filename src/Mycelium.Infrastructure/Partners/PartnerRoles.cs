using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Partners;

/// <summary>Reads who is a partner now, whatever a token says.</summary>
public sealed class PartnerRoles(NpgsqlDataSource database)
{
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public async Task<bool> HasAsync(AccountId account, CancellationToken cancellation)
    {
        try
        {
            return await database.UseAsync(
                async connection =>
                {
                    await using var command = new NpgsqlCommand(
                        "SELECT EXISTS (SELECT FROM account_roles JOIN roles ON roles.id = role_id WHERE user_id = $1 AND roles.name = $2)", connection);
                    command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Value });
                    command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Roles.Partner });
                    return (bool)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
                },
                cancellation).ConfigureAwait(false);
        }
        catch (Exception failure) when (PostgresFailures.AsUnavailable(failure) is { } unavailable)
        {
            throw unavailable;
        }
    }
}
