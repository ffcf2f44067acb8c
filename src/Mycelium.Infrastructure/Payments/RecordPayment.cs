using Microsoft.Extensions.Logging;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Notifications;
using Mycelium.Domain.Payments;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Notifications;
using Mycelium.Infrastructure.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Mycelium.Infrastructure.Payments;

/// <summary>
/// Takes in an event of the payment provider, in one transaction: the event, what it moves and whom it tells. The same event again does nothing, and any
/// order of events leads to the same wallet (<c>record_payment.sql</c>).
/// </summary>
public sealed partial class RecordPayment(Transactions transactions, TimeProvider clock, ILogger<RecordPayment> logger)
{
    /// <summary>Nothing where no account is named yet; the money waits for an event that names one.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer. The provider sends the event again.</exception>
    public async Task<IReadOnlyList<PaymentMovement>> Execute(PaymentEvent signed, CancellationToken cancellation)
    {
        if (signed.Flaw is { } flaw)
            MovesNothing(signed.Id, signed.Type, flaw);
        List<PaymentMovement> moved =
            await transactions.RunAsync(connection => RecordAsync(connection, signed, cancellation), cancellation).ConfigureAwait(false);
        if (signed.News is { Received: not null, AccountId: null } && moved.Count == 0)
            MovesNothing(signed.Id, signed.Type, "It names no account. Unless another event of the payment does, deposit by hand.");
        return moved;
    }

    private async Task<List<PaymentMovement>> RecordAsync(NpgsqlConnection connection, PaymentEvent signed, CancellationToken cancellation)
    {
        List<PaymentMovement> moved;
        await using (NpgsqlBatch batch = connection.Send("BEGIN").Then(
            "SELECT * FROM record_payment($1, $2, $3, $4, $5, $6, $7, $8, $9)", [.. Parameters(signed)]))
        await using (NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false))
        {
            moved = await reader.RowsAsync(
                row => new PaymentMovement(
                    new AccountId(row.GetGuid(0)), row.GetGuid(1), Enum.Parse<LedgerEntryKind>(row.GetString(2)), row.GetInt64(3),
                    MicroUsd.From(row.GetInt64(4))),
                cancellation).ConfigureAwait(false);
        }
        DateTimeOffset now = clock.GetUtcNow();
        await new NpgsqlBatch(connection)
            .ThenNotify([.. moved.Select(movement => Notification.Paid(movement, now)).OfType<Notification>()])
            .Then("COMMIT")
            .RunAsync(cancellation).ConfigureAwait(false);
        return moved;
    }

    private static IEnumerable<NpgsqlParameter> Parameters(PaymentEvent signed)
    {
        PaymentNews? news = signed.News;
        return
        [
            Of(signed.Id, NpgsqlDbType.Text),
            Of(signed.Type, NpgsqlDbType.Text),
            Of(news?.PaymentId, NpgsqlDbType.Text),
            Of(news?.AccountId?.Value, NpgsqlDbType.Uuid),
            Of(news?.Received?.Value, NpgsqlDbType.Bigint),
            Of(news?.Refunded?.Value, NpgsqlDbType.Bigint),
            Of(news?.Dispute?.Id, NpgsqlDbType.Text),
            Of(news?.Dispute?.Amount.Value, NpgsqlDbType.Bigint),
            Of((int?)news?.Dispute?.Stage, NpgsqlDbType.Integer),
        ];
    }

    private static NpgsqlParameter Of(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    [LoggerMessage(Level = LogLevel.Warning, Message = "Event {Id} ({Type}) of the payment provider moves no money. {Why}")]
    private partial void MovesNothing(string id, string type, string why);
}
