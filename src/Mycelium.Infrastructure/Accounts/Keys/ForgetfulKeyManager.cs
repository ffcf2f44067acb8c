using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Mycelium.Infrastructure.Events;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// Has the keys read again when the database was restored to an earlier time. Data protection remembers them for a day: a replica would go on to issue tokens
/// with a key that was lost, which no other replica accepts, and neither does this one after a restart.
/// </summary>
internal sealed class ForgetfulKeyManager : IKeyManager, IDisposable
{
    private readonly IKeyManager keys;
    private CancellationTokenSource remembered = new();

    public ForgetfulKeyManager(IKeyManager keys, Restores restores)
    {
        this.keys = keys;
        restores.Happened += () => Interlocked.Exchange(ref remembered, new CancellationTokenSource()).Cancel();
    }

    public void Dispose() => remembered.Dispose();

    public IKey CreateNewKey(DateTimeOffset activationDate, DateTimeOffset expirationDate) => keys.CreateNewKey(activationDate, expirationDate);

    public IReadOnlyCollection<IKey> GetAllKeys() => keys.GetAllKeys();

    public CancellationToken GetCacheExpirationToken() =>
        CancellationTokenSource.CreateLinkedTokenSource(keys.GetCacheExpirationToken(), Volatile.Read(ref remembered).Token).Token;

    public void RevokeKey(Guid keyId, string? reason = null) => keys.RevokeKey(keyId, reason);

    public void RevokeAllKeys(DateTimeOffset revocationDate, string? reason = null) => keys.RevokeAllKeys(revocationDate, reason);
}
