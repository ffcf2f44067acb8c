using System.Text;
using Microsoft.Extensions.Options;
using Mycelium.Domain.Accounts;
using Mycelium.Domain.Partners;
using Mycelium.Infrastructure.Accounts;
using Mycelium.Infrastructure.Billing;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Partners;

/// <summary>A text that a partner wants to run by its id.</summary>
/// <param name="Hash">SHA-256 of the text in UTF-8, as 64 lower-case hex digits. The table checks it.</param>
public sealed record DocumentText(string Hash, string Text)
{
    public int ByteCount { get; } = Encoding.UTF8.GetByteCount(Text);
}

/// <summary>Keeps documents for a partner: all of them or none. A document that the partner already has stays as it is.</summary>
public sealed class RegisterOperations(Transactions transactions, IOptions<PartnerOptions> options)
{
    private const string Operation = "registerOperations";
    private readonly PartnerOptions bounds = options.Value;

    /// <summary>Whether this much could be kept at all; checked before the documents are read.</summary>
    public DocumentQuotaExceeded? RefuseAtOnce(IReadOnlyList<string> texts) =>
        texts.Count > bounds.DocumentCountMax || texts.Sum(text => (long)text.Length) > bounds.DocumentBytesMax
            ? Quota(texts.Count, texts.Sum(text => (long)Encoding.UTF8.GetByteCount(text)))
            : null;

    /// <param name="faults">What is wrong with the documents. A key that was used with the same documents before still has its earlier answer.</param>
    public Task<IRegisterOperationsResult> Execute(
        AccountId partner, IReadOnlyList<DocumentText> documents, IReadOnlyList<DocumentFault> faults, IdempotencyKey key, CancellationToken cancellation)
    {
        Intention intention = Intention.Of(partner, Operation, key, documents.Select(document => document.Hash));
        return transactions.RunAsync(connection => RegisterAsync(connection, intention, documents, faults, cancellation), cancellation);
    }

    private async Task<IRegisterOperationsResult> RegisterAsync(
        NpgsqlConnection connection, Intention intention, IReadOnlyList<DocumentText> documents, IReadOnlyList<DocumentFault> faults,
        CancellationToken cancellation)
    {
        var registered = new OperationsRegistered([.. documents.Select(document => new RegisteredDocument("sha256:" + document.Hash, document.ByteCount))]);
        (Holdings holdings, EarlierAnswer? earlier) = await ReadAsync(connection, intention, documents, cancellation).ConfigureAwait(false);
        if (earlier is not null)
            return earlier.IsSame ? registered : new IdempotencyKeyReused(intention.Key.Value);
        if (faults.Count > 0)
            return new OperationsInvalid(faults);

        DocumentText[] added = [.. documents.DistinctBy(document => document.Hash).Where(document => !holdings.Known.Contains(document.Hash))];
        (int count, long bytes) = (holdings.Count + added.Length, holdings.Bytes + added.Sum(document => (long)document.ByteCount));
        if (count > bounds.DocumentCountMax || bytes > bounds.DocumentBytesMax)
            return Quota(count, bytes);

        await new NpgsqlBatch(connection)
            .Then(
                "INSERT INTO operation_documents (account_id, hash, text, byte_count) SELECT $1, * FROM unnest($2, $3, $4)",
                intention.Account.Value,
                added.Select(document => document.Hash).ToArray(),
                added.Select(document => document.Text).ToArray(),
                added.Select(document => document.ByteCount).ToArray())
            .ThenRemember((intention, "{}"))
            .Then("COMMIT")
            .RunAsync(cancellation).ConfigureAwait(false);
        return registered;
    }

    /// <summary>Under the lock of the account's wallet, so that two calls of one partner do not both find room for their own.</summary>
    private static async Task<(Holdings Holdings, EarlierAnswer? Earlier)> ReadAsync(
        NpgsqlConnection connection, Intention intention, IReadOnlyList<DocumentText> documents, CancellationToken cancellation)
    {
        Guid partner = intention.Account.Value;
        await using NpgsqlBatch batch = connection.Send("BEGIN")
            .ThenLockWallets([partner])
            .Then("SELECT count(*)::integer, coalesce(sum(byte_count), 0)::bigint FROM operation_documents WHERE account_id = $1", partner)
            .Then(
                "SELECT hash FROM operation_documents WHERE account_id = $1 AND hash = ANY ($2)",
                partner, documents.Select(document => document.Hash).ToArray())
            .ThenFind(intention);
        await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
        await reader.NextResultAsync(cancellation).ConfigureAwait(false); // The lock.
        var totals = await reader.RowsAsync(row => (Count: row.GetInt32(0), Bytes: row.GetInt64(1)), cancellation).ConfigureAwait(false);
        List<string> known = await reader.RowsAsync(row => row.GetString(0), cancellation).ConfigureAwait(false);
        return (new Holdings(totals[0].Count, totals[0].Bytes, [.. known]), await reader.ReadAnswerAsync(intention, cancellation).ConfigureAwait(false));
    }

    private DocumentQuotaExceeded Quota(int count, long bytes) => new(count, bounds.DocumentCountMax, bytes, bounds.DocumentBytesMax);

    private sealed record Holdings(int Count, long Bytes, HashSet<string> Known);
}
