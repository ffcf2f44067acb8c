using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.GraphQL.Accounts;

/// <summary>
/// What all commands of the host have in common: they use the database in a replica's settings, start no server, run no migration, and
/// print one sentence.
/// </summary>
internal static class HostCommand
{
    public const int Done = 0;
    public const int WrongUse = 2;
    public const int NoDatabase = 3;

    /// <param name="act">Runs the command and returns the exit code.</param>
    public static async Task<int> RunAsync(Func<IServiceProvider, Task<int>> act)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        try
        {
            builder.Services.AddMyceliumInfrastructure(builder.Configuration);
        }
        catch (InvalidOperationException wrong) // A setting with which a replica would not start either, such as an unreadable certificate.
        {
            return await FailAsync(WrongUse, wrong.Message);
        }
        try
        {
            await using ServiceProvider services = builder.Services.BuildServiceProvider();
            return await act(services);
        }
        catch (ArgumentException wrong) // The driver throws this for an invalid connection string.
        {
            return await FailAsync(NoDatabase, $"Postgres:ConnectionString is invalid: {wrong.Message}");
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege)
        {
            return await FailAsync(NoDatabase, "The database has no tables yet, or its role may not read them. Start a replica that migrates it first.");
        }
        catch (Exception failure) when (failure is StoreUnavailableException or NpgsqlException)
        {
            return await FailAsync(NoDatabase, $"The database of Postgres:ConnectionString does not respond: {failure.GetBaseException().Message}");
        }
    }

    public static async Task<int> SayAsync(string sentence)
    {
        await Console.Out.WriteLineAsync(sentence);
        return Done;
    }

    public static async Task<int> FailAsync(int exitCode, string sentence)
    {
        await Console.Error.WriteLineAsync(sentence);
        return exitCode;
    }
}
