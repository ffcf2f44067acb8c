using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Notifications;

/// <summary>Counts what an account has not read.</summary>
public sealed class NotificationReader(NpgsqlDataSource database)
{
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public Task<int> CountUnreadAsync(AccountId account, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using var command = new NpgsqlCommand("SELECT count(*)::integer FROM notifications WHERE account_id = $1 AND read_at IS NULL", connection);
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = account.Value });
            return (int)(await command.ExecuteScalarAsync(cancellation).ConfigureAwait(false))!;
        },
        cancellation);
}
