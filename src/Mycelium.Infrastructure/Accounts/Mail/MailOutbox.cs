using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// Mails on their way: written before the caller is answered, delivered by <see cref="MailDelivery"/>. So a mail server that is dead or slow costs no caller an
/// error or a second. What a mail says is sealed: it holds links that reset passwords.
/// </summary>
public sealed class MailOutbox(NpgsqlDataSource database, IDataProtectionProvider protection)
{
    /// <summary>To one address in an hour: enough to request a reset twice, too few to fill a stranger's mailbox.</summary>
    public const int PerHourMax = 5;

    /// <summary>The same for notices that an owner must receive, such as a changed address: mails that strangers cause do not use it up.</summary>
    public const int NoticesPerHourMax = 20;

    private const string Insert =
        """
        INSERT INTO mails (recipient_hash, payload, created_at, next_try_at)
        SELECT $1, $2, clock_timestamp(), clock_timestamp() WHERE (SELECT count(*) FROM mails
            WHERE recipient_hash = $1 AND created_at > clock_timestamp() - interval '1 hour') < $3
        """;

    // One statement after the other for one address, or many at once would each find room. Released with the transaction of the batch.
    private const string Lock = "SELECT pg_advisory_xact_lock(9, $1)"; // Class 9: mails. Classes of others are in no use.

    private const string Take =
        """
        UPDATE mails SET tries = tries + 1, next_try_at = clock_timestamp() + $1
        WHERE id = (SELECT id FROM mails WHERE payload IS NOT NULL AND next_try_at <= clock_timestamp() ORDER BY next_try_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING id, payload, tries, clock_timestamp() - created_at
        """;

    private const string Prune =
        """
        DELETE FROM mails WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM mails WHERE payload IS NULL AND created_at < clock_timestamp() - interval '1 hour' ORDER BY created_at LIMIT $1
                FOR UPDATE SKIP LOCKED))
        """;

    private readonly IDataProtector protector = protection.CreateProtector("Mycelium.Mails");
    private volatile TaskCompletionSource posted = NewSignal();

    /// <summary>Done when this replica has posted one since <see cref="TakeAsync"/> found none.</summary>
    internal Task Posted => posted.Task;

    /// <param name="address">Of an account or of none.</param>
    /// <param name="mail">Null where no account has the address: the same is done and counted, and nothing is sent.</param>
    /// <param name="cancellation">Of the caller.</param>
    /// <param name="perHourMax">Above this many in the hour, it is not sent.</param>
    public async Task PostAsync(string address, Mail? mail, CancellationToken cancellation, int perHourMax = PerHourMax)
    {
        byte[] sealedMail = protector.Protect(JsonSerializer.SerializeToUtf8Bytes(mail ?? new Mail("", "", "")));
        byte[] recipient = HashOf(address);
        await database.ChangeIfAvailableAsync(
            connection => connection.Send(Lock, BitConverter.ToInt32(recipient)).Then(Insert, recipient, mail is null ? NoPayload() : sealedMail, perHourMax),
            cancellation).ConfigureAwait(false);
        posted.TrySetResult();
    }

    /// <summary>The next one to send; another caller gets it again only when <paramref name="lease"/> is over.</summary>
    internal async Task<PostedMail?> TakeAsync(TimeSpan lease, CancellationToken cancellation)
    {
        posted = NewSignal();
        return await database.UseIfAvailableAsync(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.Send(Take, lease);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                return await reader.ReadAsync(cancellation).ConfigureAwait(false)
                    ? new PostedMail(reader.GetInt64(0), Open(reader.GetFieldValue<byte[]>(1)), reader.GetInt32(2), reader.GetTimeSpan(3))
                    : null;
            },
            cancellation).ConfigureAwait(false);
    }

    /// <summary>It was sent, or never will be.</summary>
    internal Task DoneAsync(long id, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(connection => connection.Send("UPDATE mails SET payload = NULL WHERE id = $1", id), cancellation);

    internal Task PutOffAsync(long id, TimeSpan wait, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(
            connection => connection.Send("UPDATE mails SET next_try_at = clock_timestamp() + $2 WHERE id = $1", id, wait), cancellation);

    internal Task<int> PruneAsync(int countMax, CancellationToken cancellation) =>
        database.ChangeIfAvailableAsync(connection => connection.Send(Prune, countMax), cancellation);

    private Mail? Open(byte[] payload)
    {
        try
        {
            return JsonSerializer.Deserialize<Mail>(protector.Unprotect(payload));
        }
        catch (CryptographicException)
        {
            return null; // Its key was revoked, or this replica has not read it yet.
        }
    }

    private static NpgsqlParameter NoPayload() => new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Bytea };

    private static byte[] HashOf(string address) => SHA256.HashData(Encoding.UTF8.GetBytes(address.ToUpperInvariant()));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>A mail that waits.</summary>
/// <param name="Id">Of its row.</param>
/// <param name="Mail">Null when it cannot be opened.</param>
/// <param name="Tries">This one included.</param>
/// <param name="Age">Since it was posted.</param>
internal sealed record PostedMail(long Id, Mail? Mail, int Tries, TimeSpan Age);
