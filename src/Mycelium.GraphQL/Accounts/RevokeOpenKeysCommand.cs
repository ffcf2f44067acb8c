using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// <c>revoke-open-keys</c>: makes a key that is wrapped by the certificate, and revokes every key that was stored without one: a backup of that time opens no door any more. Whoever holds a
/// token of such a key signs in once more. It needs the database and the certificate, and starts no server.
/// </summary>
public static class RevokeOpenKeysCommand
{
    public const int Done = HostCommand.Done;
    public const int NoCertificate = 1;

    public static bool IsMeant(string[] arguments) => arguments is ["revoke-open-keys", ..];

    /// <returns>The exit code: 0 when no open key counts any more.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [_])
            return await HostCommand.FailAsync(HostCommand.WrongUse, "Usage: revoke-open-keys, with the settings of a replica.");
        return await HostCommand.RunAsync(async services =>
        {
            if (await services.GetRequiredService<KeyRing>().RevokeOpenAsync(Actor.Command, CancellationToken.None) is not { } count)
                return await HostCommand.FailAsync(NoCertificate, "DataProtection:Certificate is not set: a new key would lie open like those that are to be revoked.");
            return await HostCommand.SayAsync(count == 0
                ? "No key lies open. Nothing was done."
                : $"{count} open {(count == 1 ? "key is" : "keys are")} revoked, and a wrapped one is in use. Running replicas follow within two minutes; everybody signs in once more.");
        });
    }
}
