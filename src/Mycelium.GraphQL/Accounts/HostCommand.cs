using Mycelium.Infrastructure;
using Mycelium.Infrastructure.Postgres;
using Npgsql;

namespace Mycelium.GraphQL.Accounts;

/// <summary>What commands of the host share: they work on the database of a replica's settings, start no server, migrate nothing, and say what there is to say in one sentence.</summary>
internal static class HostCommand
{
    public const int Done = 0;
    public const int WrongUse = 2;
    public const int NoDatabase = 3;

    /// <param name="act">Does it, and returns the exit code.</param>
    public static async Task<int> RunAsync(Func<IServiceProvider, Task<int>> act)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        try
        {
            builder.Services.AddMyceliumInfrastructure(builder.Configuration);
        }
        catch (InvalidOperationException wrong) // A setting that a replica would not start with either, such as a certificate that cannot be read.
        {
            return await FailAsync(WrongUse, wrong.Message);
        }
        try
        {
            await using ServiceProvider services = builder.Services.BuildServiceProvider();
            return await act(services);
        }
        catch (ArgumentException wrong) // What the driver makes of a text that is no connection string.
        {
            return await FailAsync(NoDatabase, $"Postgres:ConnectionString cannot be read: {wrong.Message}");
        }
        catch (PostgresException failure) when (failure.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InsufficientPrivilege)
        {
            return await FailAsync(NoDatabase, "The database has no tables yet, or its role may not read them: start a replica that migrates first.");
        }
        catch (Exception failure) when (failure is StoreUnavailableException or NpgsqlException)
        {
            return await FailAsync(NoDatabase, $"The database of Postgres:ConnectionString does not answer: {failure.GetBaseException().Message}");
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
