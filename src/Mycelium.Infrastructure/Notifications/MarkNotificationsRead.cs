using Mycelium.Domain.Accounts;
using Mycelium.Domain.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Notifications;

/// <summary>Marks notifications of one account as read. Those that are read keep the instant, so it can be repeated.</summary>
public sealed class MarkNotificationsRead(Transactions transactions)
{
    /// <summary>Rows are locked in one order: two devices that mark the same never wait for each other.</summary>
    private const string Mark = """
        UPDATE notifications SET read_at = market_now()
        WHERE (id, created_at) IN (
            SELECT id, created_at FROM notifications WHERE account_id = $1 AND read_at IS NULL AND {0} ORDER BY id FOR NO KEY UPDATE)
        RETURNING id
        """;

    private const string CountUnread = "SELECT count(*)::integer FROM notifications WHERE account_id = $1 AND read_at IS NULL";

    private static readonly string markSome = Mark.Replace("{0}", "id = ANY ($2)", StringComparison.Ordinal);
    private static readonly string markUpTo = Mark.Replace("{0}", "id <= $2", StringComparison.Ordinal);

    /// <summary>Marks these, as far as they are the account's own.</summary>
    public Task<NotificationsRead> Execute(AccountId account, IReadOnlyCollection<NotificationId> ids, CancellationToken cancellation) =>
        RunAsync(account, markSome, ids.Select(id => id.Value).ToArray(), cancellation);

    /// <summary>Marks all that are not newer than this one, and this one.</summary>
    public Task<NotificationsRead> Execute(AccountId account, NotificationId upTo, CancellationToken cancellation) =>
        RunAsync(account, markUpTo, upTo.Value, cancellation);

    private Task<NotificationsRead> RunAsync(AccountId account, string mark, object which, CancellationToken cancellation) => transactions.RunAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send("BEGIN").Then(mark, account.Value, which).Then(CountUnread, account.Value).Then("COMMIT");
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            List<Guid> marked = await reader.RowsAsync(row => row.GetGuid(0), cancellation).ConfigureAwait(false);
            List<int> unread = await reader.RowsAsync(row => row.GetInt32(0), cancellation).ConfigureAwait(false);
            return new NotificationsRead(marked.Count, unread[0]);
        },
        cancellation);
}
