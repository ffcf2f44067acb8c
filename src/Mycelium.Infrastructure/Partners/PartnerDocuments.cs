using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Partners;

/// <summary>Reads what partners have registered.</summary>
public sealed class PartnerDocuments(NpgsqlDataSource database)
{
    /// <returns>The text, or null when this partner has no document of that hash.</returns>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public Task<string?> ReadAsync(AccountId partner, string hash, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand("SELECT text FROM operation_documents WHERE account_id = $1 AND hash = $2", connection);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = partner.Value });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = hash });
            return (string?)await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false);
        },
        cancellation);
}
