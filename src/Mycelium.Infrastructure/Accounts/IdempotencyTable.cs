using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Mycelium.Domain.Accounts;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>One intention of a caller: its key, and what is requested.</summary>
/// <param name="Fingerprint">SHA-256 of the input.</param>
internal sealed record Intention(AccountId Account, string Operation, IdempotencyKey Key, byte[] Fingerprint)
{
    /// <param name="input">Everything that makes another intention when it differs. None may hold a line break.</param>
    public static Intention Of(AccountId account, string operation, IdempotencyKey key, params IEnumerable<object?> input) =>
        new(account, operation, key, SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', input))));
}

/// <summary>What was answered to an intention.</summary>
/// <param name="IsSame">The input was the same; otherwise the key was used for something else.</param>
internal sealed record EarlierAnswer(bool IsSame, JsonElement Answer);

/// <summary>
/// Answers by key, kept for <see cref="IdempotencyOptions.Life"/>. A transaction that looks up or writes a key holds the row lock of the account's wallet, so
/// two requests with one key follow each other: the second finds the answer to the first.
/// </summary>
internal static class IdempotencyTable
{
    private static readonly InsertMany<(Intention Intention, string Answer)> insert = new InsertMany<(Intention Intention, string Answer)>("idempotency_keys")
        .Column("account_id", row => row.Intention.Account.Value)
        .Column("operation", row => row.Intention.Operation)
        .Column("key", row => row.Intention.Key.Value)
        .Column("fingerprint", row => row.Intention.Fingerprint)
        .Column("answer", row => row.Answer, type: "jsonb");

    public static NpgsqlBatch ThenFind(this NpgsqlBatch batch, Intention intention) => batch.Then(
        "SELECT fingerprint, answer::text FROM idempotency_keys WHERE account_id = $1 AND operation = $2 AND key = $3",
        intention.Account.Value, intention.Operation, intention.Key.Value);

    public static async Task<EarlierAnswer?> ReadAnswerAsync(this NpgsqlDataReader reader, Intention intention, CancellationToken cancellation)
    {
        List<EarlierAnswer> found = await reader.RowsAsync(
            row => new EarlierAnswer(
                row.GetFieldValue<byte[]>(0).AsSpan().SequenceEqual(intention.Fingerprint), JsonSerializer.Deserialize<JsonElement>(row.GetString(1))),
            cancellation).ConfigureAwait(false);
        return found.SingleOrDefault();
    }

    /// <param name="batch">The transaction so far.</param>
    /// <param name="answered">Each intention with its answer, an object of ids and amounts.</param>
    public static NpgsqlBatch ThenRemember(this NpgsqlBatch batch, params IReadOnlyCollection<(Intention Intention, string Answer)> answered) =>
        insert.AddTo(batch, answered);
}
