using Microsoft.AspNetCore.DataProtection.KeyManagement.Internal;

namespace Mycelium.Infrastructure.Accounts;

/// <summary>
/// The key ring in memory. Data protection's own reads the table again for every payload with an unknown key during its first two minutes, and not at all
/// afterwards; this one is read again when <see cref="Read"/> is called, and when data protection itself finds that it is due.
/// </summary>
/// <param name="make">A ring that has read nothing yet.</param>
internal sealed class KeyRings(Func<IKeyRingProvider> make) : IKeyRingProvider
{
    private volatile IKeyRingProvider current = make();

    public IKeyRing GetCurrentKeyRing() => current.GetCurrentKeyRing();

    /// <summary>Whether a payload that names this key can be opened by what is in memory.</summary>
    public bool Has(Guid keyId) => GetCurrentKeyRing().GetAuthenticatedEncryptorByKeyId(keyId, out _) is not null;

    /// <summary>Reads the table now. The previous ring stays when that fails.</summary>
    public void Read()
    {
        IKeyRingProvider fresh = make();
        fresh.GetCurrentKeyRing();
        current = fresh;
    }
}
