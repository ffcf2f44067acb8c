using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Accounts;
using Npgsql;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// <c>revoke-open-keys</c>: makes a key that is wrapped by the certificate, and revokes every key that was stored without one: a backup of that time opens no door any more. Whoever holds a
/// token of such a key signs in once more. It needs the database and the certificate, and starts no server.
/// </summary>
public static class RevokeOpenKeysCommand
{
    public const int Done = 0;
    public const int NoCertificate = 1;
    public const int WrongUse = 2;
    public const int NoDatabase = 3;

    public static bool IsMeant(string[] arguments) => arguments is ["revoke-open-keys", ..];

    /// <returns>The exit code: 0 when no open key counts any more.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is not [_])
            return await FailAsync(WrongUse, "Usage: revoke-open-keys, with the settings of a replica.");
        try
        {
            WebApplicationBuilder builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders(); // What there is to say is said in one sentence.
            builder.Services.AddMyceliumInfrastructure(builder.Configuration);
            await using ServiceProvider services = builder.Services.BuildServiceProvider();
            int count = await services.GetRequiredService<KeyRing>().RevokeOpenAsync(CancellationToken.None);
            await Console.Out.WriteLineAsync(count == 0
                ? "No key lies open. Nothing was done."
                : $"{count} open {(count == 1 ? "key is" : "keys are")} revoked, and a wrapped one is in use. Running replicas follow within two minutes; everybody signs in once more.");
            return Done;
        }
        catch (InvalidOperationException wrong) when (wrong.Message.StartsWith(KeyProtectionOptions.Section, StringComparison.Ordinal))
        {
            return await FailAsync(NoCertificate, wrong.Message);
        }
        catch (ArgumentException wrong) // What the driver makes of a text that is no connection string.
        {
            return await FailAsync(NoDatabase, $"Postgres:ConnectionString cannot be read: {wrong.Message}");
        }
        catch (Exception failure) when (failure is StoreUnavailableException or NpgsqlException)
        {
            return await FailAsync(NoDatabase, $"The database of Postgres:ConnectionString does not answer: {failure.GetBaseException().Message}");
        }
    }

    private static async Task<int> FailAsync(int exitCode, string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return exitCode;
    }
}
