using Mycelium.Domain.Accounts;
using Mycelium.Domain.Billing;
using Mycelium.Domain.Units;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Billing;

/// <summary>
/// Reads spans of time of one wallet. A span is a range of sequences, which have no gaps: its length is known before a row is read, and since entries never
/// change, it can be read piece by piece, without a transaction that lasts as long as a slow reader.
/// </summary>
public sealed class WalletHistory(NpgsqlDataSource database)
{
    private const string ReadStatement = """
        SELECT coalesce((SELECT balance_after FROM ledger_postings WHERE account_id = $1 AND sequence = span.first - 1), 0),
               coalesce((SELECT balance_after FROM ledger_postings WHERE account_id = $1 AND sequence = span.next - 1), 0),
               line.kind, line.count, line.amount
        FROM (SELECT wallet_sequence_at($1, $2) AS first, wallet_sequence_at($1, $3) AS next OFFSET 0) AS span
        LEFT JOIN LATERAL (
            SELECT kind, count(*)::integer AS count, sum(amount)::bigint AS amount FROM wallet_entries
            WHERE account_id = $1 AND sequence >= span.first AND sequence < span.next GROUP BY kind) AS line ON true
        """;

    private const string ReadSpan = "SELECT wallet_sequence_at($1, $2), wallet_sequence_at($1, $3)";

    private const string ReadEntries = """
        SELECT to_jsonb(entry)::text FROM wallet_entries AS entry WHERE account_id = $1 AND sequence >= $2 AND sequence < $3 ORDER BY sequence LIMIT $4
        """;

    /// <summary>One statement: what happens meanwhile is in all of it or in nothing.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public Task<WalletStatement> StatementAsync(AccountId account, StatementMonth month, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(ReadStatement, account.Value, month.From, month.To);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            List<(long Opening, long Closing, WalletStatementLine? Line)> rows =
                await reader.RowsAsync(row => (row.GetInt64(0), row.GetInt64(1), ReadLine(row)), cancellation).ConfigureAwait(false);
            return new WalletStatement(
                month.ToString(), month.From, month.To, MicroUsd.From(rows[0].Opening), MicroUsd.From(rows[0].Closing),
                [.. rows.Select(row => row.Line).OfType<WalletStatementLine>().OrderBy(line => line.Kind)]);
        },
        cancellation);

    /// <summary>The entries from one instant up to, but not including, another.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public Task<WalletSpan> SpanAsync(AccountId account, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation) =>
        database.UseIfAvailableAsync(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.Send(ReadSpan, account.Value, from.ToUniversalTime(), to.ToUniversalTime());
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                return (await reader.RowsAsync(row => new WalletSpan(account, row.GetInt64(0), row.GetInt64(1)), cancellation).ConfigureAwait(false))[0];
            },
            cancellation);

    /// <summary>The first entries of a span, at most so many, oldest first.</summary>
    /// <exception cref="StoreUnavailableException">PostgreSQL did not answer.</exception>
    public Task<List<WalletEntry>> EntriesAsync(WalletSpan span, int max, CancellationToken cancellation) => database.UseIfAvailableAsync(
        async connection =>
        {
            await using NpgsqlBatch batch = connection.Send(ReadEntries, span.Account.Value, span.First, span.Next, max);
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
            return await reader.RowsAsync(row => RowJson.Read<WalletEntry>(row.GetString(0)), cancellation).ConfigureAwait(false);
        },
        cancellation);

    private static WalletStatementLine? ReadLine(NpgsqlDataReader row) =>
        row.IsDBNull(2) ? null : new(Enum.Parse<LedgerEntryKind>(row.GetString(2)), row.GetInt32(3), MicroUsd.From(row.GetInt64(4)));
}

/// <summary>Consecutive entries of one wallet.</summary>
/// <param name="Account">Whose wallet.</param>
/// <param name="First">The sequence of the first entry.</param>
/// <param name="Next">The sequence after the last one.</param>
public readonly record struct WalletSpan(AccountId Account, long First, long Next)
{
    public long Count => Next - First;

    /// <summary>What is left after some entries were read.</summary>
    public WalletSpan After(long count) => this with { First = First + count };
}
