using Mycelium.Domain.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Notifications;

/// <summary>The statements that write notifications. Their events follow by trigger.</summary>
internal static class NotificationStatements
{
    private static readonly InsertMany<Notification> insert = new InsertMany<Notification>("notifications")
        .Column("id", notification => notification.Id.Value)
        .Column("account_id", notification => notification.AccountId.Value)
        .Column("kind", notification => notification.Kind.ToString())
        .Column("rental_id", notification => notification.RentalId?.Value)
        .Column("node_id", notification => notification.NodeId?.Value)
        .Column("subject", notification => notification.Subject)
        .Column("amount", notification => notification.Amount?.Value)
        .Column("effective_at", notification => notification.EffectiveAt)
        .Column("detail", notification => notification.Detail)
        .Column("key", notification => notification.Key);

    /// <summary>
    /// Writes notifications in the transaction of what they report, so that neither exists without the other. One whose key the account was told before is left
    /// out by trigger (<c>tell_once</c>). Without notifications nothing is added.
    /// </summary>
    /// <param name="batch">
    /// The transaction so far, with its locks of wallets and nodes: where two transactions report the same, one waits for the other here.
    /// </param>
    /// <param name="notifications">In any order: they are written in the order of their keys, so that two transactions never wait for each other.</param>
    public static NpgsqlBatch ThenNotify(this NpgsqlBatch batch, IReadOnlyCollection<Notification> notifications) => insert.AddTo(
        batch, [.. notifications.OrderBy(notification => notification.AccountId).ThenBy(notification => notification.Key, StringComparer.Ordinal)]);
}
