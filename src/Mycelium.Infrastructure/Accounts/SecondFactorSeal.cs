using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// Seals keys of authenticators and recovery codes, which are stored in <c>account_tokens</c>: a thief of a backup who cracks a password must not get the
/// second factor with it. They outlive the keys of the ring, so values that an older key sealed are sealed again by the current one, and a certificate that
/// wrapped only old keys is not needed for them.
/// </summary>
public sealed class SecondFactorSeal(IDataProtectionProvider protection, NpgsqlDataSource database)
{
    private const string Prefix = "sealed:";

    /// <summary>What a payload begins with: a constant of 4 bytes and the 16 of its key's id, of which 24 characters of base64 hold the first 18.</summary>
    private const int KeyCharacters = 24;

    private const string Find =
        """
        SELECT user_id, login_provider, name, value FROM account_tokens
        WHERE starts_with(value, $1) AND NOT starts_with(value, $2) AND (user_id, login_provider, name) > ($3, $4, $5)
        ORDER BY user_id, login_provider, name LIMIT $6
        """;

    private const string Replace = "UPDATE account_tokens SET value = $5 WHERE user_id = $1 AND login_provider = $2 AND name = $3 AND value = $4";

    private readonly IDataProtector protector = protection.CreateProtector("Mycelium.AccountTokens");
    private (Guid Account, string Provider, string Name) last = (Guid.Empty, "", "");

    public static bool IsSealed(string value) => value.StartsWith(Prefix, StringComparison.Ordinal);

    /// <exception cref="CryptographicException">Its key no longer exists.</exception>
    public string Open(string value) => Encoding.UTF8.GetString(protector.Unprotect(WebEncoders.Base64UrlDecode(value[Prefix.Length..])));

    public string Close(string text) => Prefix + WebEncoders.Base64UrlEncode(protector.Protect(Encoding.UTF8.GetBytes(text)));

    /// <summary>Seals some values again that an older key sealed, and continues after them the next time. What cannot be opened stays as it is.</summary>
    /// <returns>How many were examined.</returns>
    public async Task<int> ResealAsync(int countMax, CancellationToken cancellation)
    {
        string ofNow = Close("")[..(Prefix.Length + KeyCharacters)];
        List<StoredToken> found = await database.UseIfAvailableAsync(
            async connection =>
            {
                await using NpgsqlBatch batch = connection.Send(Find, Prefix, ofNow, last.Account, last.Provider, last.Name, countMax);
                await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(cancellation).ConfigureAwait(false);
                return await reader.RowsAsync(
                    row => new StoredToken(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3)), cancellation).ConfigureAwait(false);
            },
            cancellation).ConfigureAwait(false);
        foreach (StoredToken token in found)
            await ResealAsync(token, cancellation).ConfigureAwait(false);
        last = found is [.., var end] && found.Count == countMax ? (end.Account, end.Provider, end.Name) : (Guid.Empty, "", "");
        return found.Count;
    }

    private async Task ResealAsync(StoredToken token, CancellationToken cancellation)
    {
        string text;
        try
        {
            text = Open(token.Value);
        }
        catch (Exception failure) when (failure is CryptographicException or FormatException)
        {
            return; // Its owner, or an operator, hears of it when it is used.
        }
        await database.ChangeIfAvailableAsync(
            connection => connection.Send(Replace, token.Account, token.Provider, token.Name, token.Value, Close(text)), cancellation).ConfigureAwait(false);
    }

    private sealed record StoredToken(Guid Account, string Provider, string Name, string Value);
}
