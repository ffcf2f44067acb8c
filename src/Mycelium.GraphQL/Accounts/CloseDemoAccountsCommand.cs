using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Accounts;
using Npgsql;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// <c>close-demo-accounts</c>: for a database that was once started in Development. The service does not start elsewhere while the accounts of the README can sign in. It needs no more than
/// the database, starts no server and migrates nothing.
/// </summary>
public static class CloseDemoAccountsCommand
{
    public const int Done = 0;
    public const int WrongUse = 2;
    public const int NoDatabase = 3;

    public static bool IsMeant(string[] arguments) => arguments is ["close-demo-accounts", ..];

    /// <returns>The exit code: 0 when no demo account can sign in any more.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments.Length > 1)
            return await FailAsync(WrongUse, "Usage: close-demo-accounts, with the settings of a replica and nothing else.");
        try
        {
            WebApplicationBuilder builder = WebApplication.CreateBuilder();
            builder.Logging.ClearProviders(); // What there is to say is said in one sentence.
            builder.Services.AddMyceliumInfrastructure(builder.Configuration);
            await using ServiceProvider services = builder.Services.BuildServiceProvider();
            int count = await services.GetRequiredService<CloseDemoAccounts>().Execute(CancellationToken.None);
            await Console.Out.WriteLineAsync(count == 0
                ? "No demo account had a password. Nothing was done."
                : $"{count} demo accounts have no password, no role and no session any more. Their rentals stay.");
            return Done;
        }
        catch (StoreUnavailableException unavailable)
        {
            return await FailAsync(NoDatabase, $"The database of Postgres:ConnectionString does not answer: {unavailable.GetBaseException().Message}");
        }
        catch (ArgumentException wrong) // What the driver makes of a text that is no connection string.
        {
            return await FailAsync(NoDatabase, $"Postgres:ConnectionString cannot be read: {wrong.Message}");
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege)
        {
            return await FailAsync(NoDatabase, "The role of Postgres:ConnectionString sees no tables: start a replica that migrates first.");
        }
    }

    private static async Task<int> FailAsync(int exitCode, string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return exitCode;
    }
}
