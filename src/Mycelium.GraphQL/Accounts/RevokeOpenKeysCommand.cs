using Mycelium.Domain.Audit;
using Mycelium.Infrastructure.Accounts;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// <c>revoke-open-keys</c>: creates a key that is encrypted with the certificate, and revokes every key that was stored unencrypted, so
/// that old backups of the database are useless for forging tokens. Whoever holds a token of such a key has to sign in again. It needs the
/// database and the certificate, and starts no server.
/// </summary>
public static class RevokeOpenKeysCommand
{
    public const int Done = HostCommand.Done;
    public const int NoCertificate = 1;

    public static bool Matches(string[] arguments) => arguments is ["revoke-open-keys", ..];

    /// <returns>The exit code: 0 if no unencrypted key is valid.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [_])
            return await HostCommand.FailAsync(HostCommand.WrongUse, "Usage: revoke-open-keys, with the settings of a replica.");
        return await HostCommand.RunAsync(async services =>
        {
            if (await services.GetRequiredService<KeyRing>().RevokeOpenAsync(Actor.Command, CancellationToken.None) is not { } count)
                return await HostCommand.FailAsync(
                    NoCertificate, "DataProtection:Certificate is not set: a new key would be unencrypted too.");
            return await HostCommand.SayAsync(count == 0
                ? "No key is unencrypted. Nothing was done."
                : $"{count} unencrypted {(count == 1 ? "key was" : "keys were")} revoked, and an encrypted one is in use. "
                    + "Running replicas follow within two minutes. Everyone has to sign in again.");
        });
    }
}
